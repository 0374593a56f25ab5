package dev.eventshop.query.projection;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.messaging.Message;

/**
 * The rows of one table that a batch needs: each is read once at most, all that can be foreseen by one query, and written
 * once at most.
 *
 * @param <V> row, immutable
 */
public final class RowBuffer<V> {

    private final Function<Collection<Integer>, Map<Integer, V>> load;
    private final Set<Integer> foreseen;
    private final Set<Integer> read = new HashSet<>();
    private final Set<Integer> absent = new HashSet<>();
    private final TreeMap<Integer, V> rows = new TreeMap<>();
    private final TreeMap<Integer, V> changed = new TreeMap<>();

    /**
     * @param foreseen keys that the batch will ask for
     * @param load     reads the rows with these keys, those that exist
     */
    public RowBuffer(Set<Integer> foreseen, Function<Collection<Integer>, Map<Integer, V>> load) {
        this.foreseen = foreseen;
        this.load = load;
    }

    /** @return the row as it is at this point of the batch */
    public Optional<V> find(int key) {
        if (!read.contains(key)) {
            Set<Integer> wanted = new HashSet<>(foreseen);
            wanted.add(key);
            wanted.removeAll(read);
            read.addAll(wanted);
            Map<Integer, V> found = load.apply(wanted);
            found.forEach(rows::putIfAbsent);
            wanted.removeAll(found.keySet());
            absent.addAll(wanted);
        }
        return Optional.ofNullable(rows.get(key));
    }

    public void put(int key, V row) {
        read.add(key);
        rows.put(key, row);
        changed.put(key, row);
    }

    /** @return what is to be written, ascending by key, so that two writers can't block each other */
    public Collection<V> changed() {
        return changed.values();
    }

    /** @return those of {@link #changed()} that the table has been found not to have */
    Collection<V> added() {
        return changed(true);
    }

    /** @return those of {@link #changed()} that the table has, or may have */
    Collection<V> updated() {
        return changed(false);
    }

    private Collection<V> changed(boolean added) {
        List<V> some = new ArrayList<>();
        changed.forEach((key, row) -> {
            if (absent.contains(key) == added) {
                some.add(row);
            }
        });
        return some;
    }

    /** @return the numbers of the aggregates of that type that the messages are about */
    public static Set<Integer> numbersOf(String aggregateType, List<? extends Message<?>> messages) {
        Set<Integer> numbers = new HashSet<>();
        for (Message<?> message : messages) {
            if (message instanceof DomainEventMessage<?> event && aggregateType.equals(event.getType())) {
                String id = event.getAggregateIdentifier(); // product-17
                numbers.add(Integer.valueOf(id.substring(id.lastIndexOf('-') + 1)));
            }
        }
        return numbers;
    }
}
