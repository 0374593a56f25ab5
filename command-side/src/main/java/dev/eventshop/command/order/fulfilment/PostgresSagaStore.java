package dev.eventshop.command.order.fulfilment;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import org.axonframework.modelling.saga.AssociationValue;
import org.axonframework.modelling.saga.AssociationValues;
import org.axonframework.modelling.saga.repository.SagaStore;
import org.axonframework.serialization.SerializedObject;
import org.axonframework.serialization.Serializer;
import org.axonframework.serialization.SimpleSerializedObject;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Sagas in the tables {@code saga} and {@code saga_association}: state as JSON, under names that the serializer knows; no
 * class is chosen by data.
 *
 * <p>Writes belong to the current transaction. Reads don't: they come before the commands that a saga sends and waits
 * for, and a connection that was fetched for them would be held, in an open transaction, all that time. A processor reads
 * only what was committed under its claim, and what it has not written yet it has in memory.
 */
final class PostgresSagaStore implements SagaStore<Object> {

    private static final String INSERT = """
            with new_saga as (
                insert into command_side.saga (saga_id, saga_type, revision, state) values (?, ?, ?, cast(? as jsonb))
            )
            insert into command_side.saga_association (saga_type, key, value, saga_id)
            select ?, association.key, association.value, ?
            from unnest(?, ?) as association (key, value)""";

    /** Leaves a row alone that is the same already. */
    private static final String UPDATE = """
            update command_side.saga set revision = ?, state = cast(? as jsonb)
            where saga_id = ? and (revision, state) is distinct from (?, cast(? as jsonb))""";

    private static final String LOAD = """
            select revision, state, array(
                select unnest(array[key, value]) from command_side.saga_association where saga_id = saga.saga_id
            ) from command_side.saga where saga_id = ? and saga_type = ?""";

    private static final String FIND =
            "select saga_id from command_side.saga_association where saga_type = ? and key = ? and value = ?";

    private final JdbcTemplate jdbc;
    private final TransactionTemplate outside;
    private final Serializer serializer;

    PostgresSagaStore(JdbcTemplate jdbc, PlatformTransactionManager transactions, Serializer serializer) {
        this.jdbc = jdbc;
        this.serializer = serializer;
        this.outside = new TransactionTemplate(transactions);
        this.outside.setPropagationBehavior(TransactionDefinition.PROPAGATION_NOT_SUPPORTED);
    }

    @Override
    public Set<String> findSagas(Class<?> sagaType, AssociationValue association) {
        return new HashSet<>(outside(() ->
                jdbc.queryForList(FIND, String.class, name(sagaType), association.getKey(), association.getValue())));
    }

    @Override
    public <S> @Nullable Entry<S> loadSaga(Class<S> sagaType, String sagaId) {
        List<Entry<S>> found = outside(() -> jdbc.query(
                LOAD,
                (row, number) ->
                        new Stored<>(read(sagaType, row.getString(1), row.getString(2)), associations((String[])
                                row.getArray(3).getArray())),
                sagaId,
                name(sagaType)));
        return found.isEmpty() ? null : found.get(0);
    }

    @Override
    public void insertSaga(Class<?> sagaType, String sagaId, Object saga, Set<AssociationValue> associations) {
        SerializedObject<String> state = serializer.serialize(saga, String.class);
        jdbc.update(
                INSERT,
                sagaId,
                state.getType().getName(),
                state.getType().getRevision(),
                state.getData(),
                state.getType().getName(),
                sagaId,
                associations.stream().map(AssociationValue::getKey).toArray(String[]::new),
                associations.stream().map(AssociationValue::getValue).toArray(String[]::new));
    }

    /** @throws UnsupportedOperationException when associations have changed: a saga keeps those it began with */
    @Override
    public void updateSaga(Class<?> sagaType, String sagaId, Object saga, AssociationValues associations) {
        if (!associations.addedAssociations().isEmpty()
                || !associations.removedAssociations().isEmpty()) {
            throw new UnsupportedOperationException("a saga keeps the associations that it began with");
        }
        SerializedObject<String> state = serializer.serialize(saga, String.class);
        String revision = state.getType().getRevision();
        jdbc.update(UPDATE, revision, state.getData(), sagaId, revision, state.getData());
    }

    @Override
    public void deleteSaga(Class<?> sagaType, String sagaId, Set<AssociationValue> associations) {
        jdbc.update("delete from command_side.saga where saga_id = ?", sagaId);
    }

    private <T> T outside(Supplier<T> query) {
        return outside.execute(status -> query.get());
    }

    private String name(Class<?> sagaType) {
        return serializer.typeForClass(sagaType).getName();
    }

    private <S> S read(Class<S> sagaType, String revision, String state) {
        return sagaType.cast(
                serializer.deserialize(new SimpleSerializedObject<>(state, String.class, name(sagaType), revision)));
    }

    /** @param flat keys and values by turns */
    private static Set<AssociationValue> associations(String[] flat) {
        Set<AssociationValue> associations = new HashSet<>();
        for (int i = 0; i < flat.length; i += 2) {
            associations.add(new AssociationValue(flat[i], flat[i + 1]));
        }
        return associations;
    }

    private record Stored<S>(S saga, Set<AssociationValue> associationValues) implements Entry<S> {}
}
