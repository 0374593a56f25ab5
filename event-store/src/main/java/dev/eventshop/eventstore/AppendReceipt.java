package dev.eventshop.eventstore;

import java.util.HashMap;
import java.util.Map;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.jspecify.annotations.Nullable;

/**
 * What a unit of work has appended; a resource of the root unit of work. Counts only once that has committed.
 *
 * @param last     position of the last event
 * @param versions sequence number of the last event of each aggregate
 */
public record AppendReceipt(Position last, Map<String, Long> versions) {

    /** Key of the resource. */
    public static final String RESOURCE = AppendReceipt.class.getName();

    public AppendReceipt {
        versions = Map.copyOf(versions);
    }

    /** Hands it to the unit of work, when there is one, together with what that has appended before. */
    void handOver() {
        CurrentUnitOfWork.ifStarted(unitOfWork -> {
            Map<String, Object> resources = unitOfWork.root().resources();
            AppendReceipt before = (AppendReceipt) resources.get(RESOURCE);
            resources.put(RESOURCE, after(before));
        });
    }

    private AppendReceipt after(@Nullable AppendReceipt before) {
        if (before == null) {
            return this;
        }
        Map<String, Long> all = new HashMap<>(before.versions);
        all.putAll(versions);
        return new AppendReceipt(last.isAfter(before.last) ? last : before.last, all);
    }
}
