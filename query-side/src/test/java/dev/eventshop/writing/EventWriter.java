package dev.eventshop.writing;

import dev.eventshop.events.order.OrderCancelledEvent;
import dev.eventshop.events.order.OrderCreatedEvent;
import dev.eventshop.events.order.OrderId;
import dev.eventshop.events.order.OrderItemEvent;
import dev.eventshop.events.order.OrderStatusChangedEvent;
import dev.eventshop.events.product.ProductCreatedEvent;
import dev.eventshop.events.product.ProductId;
import dev.eventshop.events.product.ProductPriceChangedEvent;
import dev.eventshop.events.product.ProductStockUpdatedEvent;
import dev.eventshop.events.registry.ClosedMapSerializer;
import dev.eventshop.events.registry.EventMetadata;
import dev.eventshop.events.registry.EventRegistry;
import dev.eventshop.events.user.UserAccountLinkedEvent;
import dev.eventshop.events.user.UserId;
import dev.eventshop.events.user.UserPersonalDataErasedEvent;
import dev.eventshop.events.user.UserRegisteredEvent;
import dev.eventshop.eventstore.EventLog;
import dev.eventshop.personaldata.events.PersonalFields;
import dev.eventshop.personaldata.key.PersonKeys;
import dev.eventshop.testing.TestDatabase;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.GenericDomainEventMessage;
import org.axonframework.eventsourcing.eventstore.EventStorageEngine;
import org.axonframework.serialization.Serializer;
import org.springframework.beans.factory.annotation.Qualifier;
import org.springframework.boot.SpringBootConfiguration;
import org.springframework.boot.WebApplicationType;
import org.springframework.boot.autoconfigure.EnableAutoConfiguration;
import org.springframework.boot.builder.SpringApplicationBuilder;
import org.springframework.context.ConfigurableApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Primary;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Appends events as the command side does: through the store's engine, in the stored form, one transaction for each call.
 * Knows the last sequence number of each aggregate. Makes the schema of the store.
 *
 * <p>Outside of the application's packages, where its component scan would find it.
 */
public final class EventWriter implements AutoCloseable {

    public static final Instant T0 = Instant.parse("2026-03-01T10:00:00Z");

    private final ConfigurableApplicationContext context;
    private final EventStorageEngine engine;
    private final EventLog log;
    private final PersonKeys keys;
    private final TransactionTemplate transactions;
    private final Map<String, Long> versions = new HashMap<>();

    private EventWriter(ConfigurableApplicationContext context) {
        this.context = context;
        this.engine = context.getBean(EventStorageEngine.class);
        this.log = context.getBean(EventLog.class);
        this.keys = context.getBean(PersonKeys.class);
        this.transactions = new TransactionTemplate(context.getBean(PlatformTransactionManager.class));
    }

    public static EventWriter on(TestDatabase database) {
        Map<String, String> properties = new LinkedHashMap<>(database.springProperties("command_side"));
        properties.put("spring.config.name", "none");
        properties.put("spring.main.banner-mode", "off");
        properties.put("spring.main.keep-alive", "false");
        properties.put("spring.datasource.hikari.schema", "command_side");
        properties.put("spring.datasource.hikari.maximum-pool-size", "4");
        properties.put("spring.flyway.schemas", "command_side");
        properties.put("spring.flyway.default-schema", "command_side");
        properties.put("spring.flyway.locations", "classpath:db/event-store-service");
        properties.put("spring.flyway.init-sqls", "SET ROLE eventshop_owner");
        properties.put("eventshop.event-store.migrate", "true");
        properties.put("eventshop.event-store.writer-role", "command_side");
        properties.put("eventshop.event-store.reader-role", "query_side");
        properties.put("spring.flyway.out-of-order", "true");
        properties.put("eventshop.personal-data.keys-schema", "event_store_keys");
        properties.put("eventshop.personal-data.keys-reader", "query_side");
        properties.put("logging.level.root", "warn");
        String[] arguments = properties.entrySet().stream()
                .map(property -> "--" + property.getKey() + "=" + property.getValue())
                .toArray(String[]::new);
        return new EventWriter(new SpringApplicationBuilder(Store.class)
                .web(WebApplicationType.NONE)
                .run(arguments));
    }

    public EventLog log() {
        return log;
    }

    /**
     * @return position of the last event that is stored, as clients get it; other than the log's head it does not wait
     *     for other transactions of the cluster
     */
    public String last() {
        return context.getBean(JdbcTemplate.class)
                .queryForObject(
                        "select epoch || '-' || transaction_id || '-' || global_index from event_store.domain_event"
                                + " order by epoch desc, transaction_id desc, global_index desc limit 1",
                        String.class);
    }

    /** Events of one aggregate, in one transaction. @return position of the last one, as clients get it */
    public String append(String aggregateId, Object... events) {
        return append(aggregateId, Map.of(), events);
    }

    /** Leaves out a sequence number, which somebody else has used. */
    public void skip(String aggregateId) {
        versions.merge(aggregateId, 0L, (last, zero) -> last + 1);
    }

    public String append(String aggregateId, Map<String, String> metadata, Object... events) {
        List<EventMessage<?>> messages = new ArrayList<>();
        for (Object event : events) {
            messages.add(message(aggregateId, metadata, event));
        }
        return appendAll(aggregateId, messages);
    }

    private EventMessage<?> message(String aggregateId, Map<String, String> metadata, Object event) {
        long version = versions.merge(aggregateId, 0L, (last, zero) -> last + 1);
        return new GenericDomainEventMessage<>(
                EventRegistry.of(event.getClass()).aggregateType(), aggregateId, version, event, metadata);
    }

    private String appendAll(String lastAggregate, List<EventMessage<?>> messages) {
        transactions.executeWithoutResult(status -> engine.appendEvents(messages));
        return log.headOf(lastAggregate).orElseThrow().position().toString();
    }

    /** Many small orders in a few large transactions. */
    public void placeMany(int firstOrderId, int count) {
        List<EventMessage<?>> messages = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            int id = firstOrderId + i;
            messages.add(message(
                    new OrderId(id).toString(),
                    Map.of(),
                    created(id, 1 + i % 10, T0.plusSeconds(i), item(1 + i % 5, 1, "2.50"))));
            if (messages.size() == 1_000 || i == count - 1) {
                List<EventMessage<?>> batch = List.copyOf(messages);
                transactions.executeWithoutResult(status -> engine.appendEvents(batch));
                messages.clear();
            }
        }
    }

    public String product(int id, String name, String price, int stock) {
        return append(
                new ProductId(id).toString(),
                new ProductCreatedEvent(id, name, new BigDecimal(price), stock, T0.plusSeconds(id)));
    }

    public String stock(int id, int from, int to, Instant at, Map<String, String> metadata) {
        return append(
                new ProductId(id).toString(), metadata, new ProductStockUpdatedEvent(id, "Product", from, to, at));
    }

    public String price(int id, String from, String to, Instant at) {
        return append(
                new ProductId(id).toString(),
                new ProductPriceChangedEvent(id, new BigDecimal(from), new BigDecimal(to), at));
    }

    public String user(int id, String email) {
        return append(new UserId(id).toString(), new UserRegisteredEvent(id, email, "Ada Lovelace", T0));
    }

    public String account(int id, String issuer, String subject) {
        String account = keys.indexKey().accountOf(issuer, subject);
        return append(new UserId(id).toString(), new UserAccountLinkedEvent(id, account, T0.plusSeconds(id)));
    }

    public String eraseUser(int id) {
        keys.destroy(new UserId(id).toString());
        return append(new UserId(id).toString(), new UserPersonalDataErasedEvent(id, T0.plusSeconds(60)));
    }

    public String order(int id, int userId, Instant at, OrderItemEvent... items) {
        return append(new OrderId(id).toString(), created(id, userId, at, items));
    }

    public String confirm(int id, Instant at) {
        return append(new OrderId(id).toString(), new OrderStatusChangedEvent(id, "PENDING", "CONFIRMED", at));
    }

    public String cancel(int id, int userId, String from, Instant at) {
        return append(
                new OrderId(id).toString(),
                new OrderStatusChangedEvent(id, from, "CANCELLED", at),
                new OrderCancelledEvent(id, userId, "changed my mind", at));
    }

    public static OrderItemEvent item(int productId, int quantity, String unitPrice) {
        return new OrderItemEvent(productId, "Product " + productId, quantity, new BigDecimal(unitPrice));
    }

    public static OrderCreatedEvent created(int id, int userId, Instant at, OrderItemEvent... items) {
        BigDecimal total = BigDecimal.ZERO;
        for (OrderItemEvent item : items) {
            total = total.add(item.unitPrice().multiply(BigDecimal.valueOf(item.quantity())));
        }
        return new OrderCreatedEvent(id, userId, total, List.of(items), at);
    }

    public static Map<String, String> reserved(int orderId) {
        return Map.of(EventMetadata.REASON, "reserved", EventMetadata.ORDER_ID, Integer.toString(orderId));
    }

    @Override
    public void close() {
        context.close();
    }

    @SpringBootConfiguration(proxyBeanMethods = false)
    @EnableAutoConfiguration(
            excludeName = {
                "org.axonframework.springboot.autoconfig.JdbcAutoConfiguration",
                "org.axonframework.springboot.autoconfig.JpaAutoConfiguration",
                "org.axonframework.springboot.autoconfig.JpaEventStoreAutoConfiguration",
                "org.axonframework.springboot.autoconfig.AxonServerAutoConfiguration",
                "org.axonframework.springboot.autoconfig.AxonServerBusAutoConfiguration",
                "org.axonframework.springboot.autoconfig.AxonTimeoutAutoConfiguration",
                "org.axonframework.springboot.autoconfig.ObjectMapperAutoConfiguration",
                "org.axonframework.springboot.autoconfig.UpdateCheckerAutoConfiguration",
                "org.axonframework.springboot.autoconfig.XStreamAutoConfiguration",
                "org.springframework.boot.data.jpa.autoconfigure.DataJpaRepositoriesAutoConfiguration",
                "org.springframework.boot.hibernate.autoconfigure.HibernateJpaAutoConfiguration"
            })
    static class Store {

        @Bean
        PersonalFields personalFields() {
            return EventRegistry::personalFields;
        }

        @Bean
        @Primary
        Serializer serializer() {
            return ClosedMapSerializer.ofEvents();
        }

        @Bean
        @Qualifier("messageSerializer")
        Serializer messageSerializer(Serializer serializer) {
            return serializer;
        }

        @Bean
        @Qualifier("eventSerializer")
        Serializer eventSerializer(Serializer serializer) {
            return serializer;
        }
    }
}
