package dev.eventshop.notification.product;

import dev.eventshop.events.product.ProductStockUpdatedEvent;
import dev.eventshop.messaging.MessageContext;
import dev.eventshop.messaging.Subscribe;
import dev.eventshop.notification.message.Headers;
import dev.eventshop.notification.message.Required;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * A change of stock becomes one line in the log, {@code key=value}, and is counted.
 *
 * <p>Replay, past the inbox: does nothing. Idempotency key: the message, by the inbox. The line is written right before
 * the commit, so none is missing; when the commit does not come about, it is logged again.
 */
@Component
class WhenProductStockUpdatedThenLog {

    private static final Logger LOG = LoggerFactory.getLogger("eventshop.stock");

    private final Counter updates;

    WhenProductStockUpdatedThenLog(MeterRegistry meters) {
        this.updates = meters.counter("eventshop.stock.updates");
    }

    @Subscribe(
            queue = "product.stock-updated",
            routingKey = "product.stock-updated",
            type = "ProductStockUpdatedEvent",
            replaysPastInbox = true)
    void on(ProductStockUpdatedEvent event, MessageContext context) {
        Required.positive("productId", event.productId());
        Required.text("productName", event.productName());
        Required.notNegative("oldStock", event.oldStock());
        Required.notNegative("newStock", event.newStock());
        Required.present("updatedAt", event.updatedAt());
        if (Headers.isReplay(context)) {
            return;
        }
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void beforeCommit(boolean readOnly) {
                log(event);
            }

            @Override
            public void afterCommit() {
                updates.increment();
            }
        });
    }

    private static void log(ProductStockUpdatedEvent event) {
        LOG.info(
                "event=stock-updated productId={} productName={} oldStock={} newStock={} updatedAt={}",
                event.productId(),
                LogValue.quoted(event.productName()),
                event.oldStock(),
                event.newStock(),
                event.updatedAt());
    }
}
