package dev.eventshop.benchmarks.replay;

import dev.eventshop.benchmarks.shop.MeasuredShop;
import dev.eventshop.events.registry.EventRegistry;
import dev.eventshop.events.user.UserAccountLinkedEvent;
import dev.eventshop.events.user.UserPersonalDataErasedEvent;
import dev.eventshop.events.user.UserRegisteredEvent;
import dev.eventshop.personaldata.key.PersonKey;
import dev.eventshop.personaldata.key.PersonKeys;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** Personal data is opened with the keys of the store, and sealed with those of the view; each batch reads its keys once. */
final class UsersByHand implements HandWrittenLoop.Writer {

    private final PersonKeys stored;
    private final PersonKeys own;
    private final PreparedStatement insert;
    private final PreparedStatement version;
    private final PreparedStatement erase;
    private final PreparedStatement account;

    UsersByHand(Connection connection, MeasuredShop shop) throws SQLException {
        SingleConnectionDataSource same = new SingleConnectionDataSource(connection, true);
        stored = shop.keys(same, "event_store_keys");
        own = shop.keys(same, "query_side_keys");
        insert = connection.prepareStatement("insert into user_profile_a (user_id, email, full_name, registered_at,"
                + " erased, version) values (?, ?, ?, ?, false, ?)");
        version = connection.prepareStatement("update user_profile_a set version = ? where user_id = ?");
        erase = connection.prepareStatement("update user_profile_a set version = ?, email = null, full_name = null,"
                + " erased = true where user_id = ?");
        account = connection.prepareStatement(
                "insert into user_account_a (user_id, account, linked_at) values (?, ?, ?)");
    }

    @Override
    public void apply(List<HandWrittenLoop.Event> batch) throws SQLException {
        List<String> persons = batch.stream()
                .filter(event -> !EventRegistry.personalFields(event.type()).isEmpty())
                .map(HandWrittenLoop.Event::aggregateId)
                .toList();
        Map<String, PersonKey> storedKeys = stored.find(persons);
        Map<String, PersonKey> ownKeys =
                own.obtain(persons.stream().filter(storedKeys::containsKey).toList());
        for (HandWrittenLoop.Event event : batch) {
            if (event.type().equals("UserRegisteredEvent")) {
                register(event, storedKeys.get(event.aggregateId()), ownKeys.get(event.aggregateId()));
            } else if (event.decoded() instanceof UserAccountLinkedEvent linked) {
                account.setInt(1, linked.userId());
                account.setString(2, linked.account());
                account.setObject(3, OrdersByHand.utc(linked.linkedAt()));
                account.addBatch();
                move(version, event.version(), linked.userId());
            } else if (event.decoded() instanceof UserPersonalDataErasedEvent erased) {
                own.destroy(event.aggregateId());
                move(erase, event.version(), erased.userId());
            }
        }
        insert.executeBatch();
        version.executeBatch();
        erase.executeBatch();
        account.executeBatch();
    }

    private static void move(PreparedStatement statement, long version, int userId) throws SQLException {
        statement.setLong(1, version);
        statement.setInt(2, userId);
        statement.addBatch();
    }

    private void register(HandWrittenLoop.Event event, @Nullable PersonKey from, @Nullable PersonKey to)
            throws SQLException {
        ObjectNode payload = HandWrittenLoop.json(event.payload(), ObjectNode.class);
        String email = opened(event, payload, "email", from);
        String fullName = opened(event, payload, "fullName", from);
        UserRegisteredEvent user = HandWrittenLoop.json(payload.toString(), UserRegisteredEvent.class);
        insert.setInt(1, user.userId());
        insert.setBytes(2, email == null || to == null ? null : to.seal(email, "user_profile.email"));
        insert.setBytes(3, fullName == null || to == null ? null : to.seal(fullName, "user_profile.full_name"));
        insert.setObject(4, OrdersByHand.utc(user.registeredAt()));
        insert.setLong(5, event.version());
        insert.addBatch();
    }

    private static @Nullable String opened(
            HandWrittenLoop.Event event, ObjectNode payload, String field, @Nullable PersonKey key) {
        JsonNode sealed = payload.path(field).path("sealed");
        String text = key == null || sealed.isMissingNode()
                ? null
                : key.open(Base64.getDecoder().decode(sealed.asString()), event.type() + "." + field);
        payload.put(field, text);
        return text;
    }
}
