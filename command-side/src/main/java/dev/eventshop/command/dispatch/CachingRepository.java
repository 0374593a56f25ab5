package dev.eventshop.command.dispatch;

import com.github.benmanes.caffeine.cache.Cache;
import dev.eventshop.web.DatabaseFailures;
import org.axonframework.eventsourcing.EventSourcedAggregate;
import org.axonframework.eventsourcing.EventSourcingRepository;
import org.axonframework.eventsourcing.Snapshotter;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.axonframework.modelling.command.Aggregate;

/**
 * Keeps aggregates in memory between commands, so that a command on a known one reads nothing.
 *
 * <p>A cached aggregate is one shared, mutable object. So the repository needs a lock factory that gives each aggregate
 * to one thread at a time, from loading until after the commit; and the object is taken out of the cache while a command
 * has it, and put back only when what it holds is what the store holds: after a commit, or after a rollback that it did
 * not change in. However a unit of work ends, nothing uncommitted stays in the cache.
 *
 * <p>Other instances of the service change aggregates without telling this cache. A new event of a stale aggregate
 * collides with the store's unique (aggregate, sequence number); a decision without events is confirmed by
 * {@link ConfirmingInterceptor}.
 *
 * <p>Axon's own {@code CachingEventSourcingRepository} caches before the commit and drops the aggregate at each
 * refusal, which lets a client that asks for the impossible turn every command into a read of the history.
 */
public final class CachingRepository<T> extends EventSourcingRepository<T> {

    private final Class<T> type;
    private final Cache<String, EventSourcedAggregate<T>> cache;
    private final Snapshotter snapshotter;

    /**
     * @param builder     with a lock factory that excludes other threads, see above
     * @param snapshotter for an aggregate whose events a command's transaction has no time to read; it has to take them
     *     in a longer one of its own
     */
    public CachingRepository(
            Class<T> type, Builder<T> builder, Cache<String, EventSourcedAggregate<T>> cache, Snapshotter snapshotter) {
        super(builder);
        this.type = type;
        this.cache = cache;
        this.snapshotter = snapshotter;
    }

    @Override
    protected EventSourcedAggregate<T> doLoadWithLock(String aggregateId, Long expectedVersion) {
        EventSourcedAggregate<T> cached = cache.asMap().remove(aggregateId);
        EventSourcedAggregate<T> aggregate = cached != null ? cached : read(aggregateId, expectedVersion);
        long version = aggregate.version();
        UnitOfWork<?> unitOfWork = CurrentUnitOfWork.get();
        unitOfWork.onRollback(u -> {
            if (aggregate.version() == version && !isStale(u)) {
                cache.put(aggregateId, aggregate);
            }
        });
        Attempt attempt = Attempt.of(unitOfWork);
        if (attempt != null) {
            attempt.loaded(new Attempt.Loaded(aggregateId, version, cached != null, aggregate));
        }
        return aggregate;
    }

    private EventSourcedAggregate<T> read(String aggregateId, Long expectedVersion) {
        try {
            return super.doLoadWithLock(aggregateId, expectedVersion);
        } catch (RuntimeException e) {
            if (DatabaseFailures.isConnectionLost(e)) {
                CurrentUnitOfWork.get().root().onCleanup(u -> snapshotter.scheduleSnapshot(type, aggregateId));
            }
            throw e;
        }
    }

    private static boolean isStale(UnitOfWork<?> unitOfWork) {
        return unitOfWork.getExecutionResult().isExceptionResult()
                && unitOfWork.getExecutionResult().getExceptionResult() instanceof StaleAggregate;
    }

    @Override
    protected void doSaveWithLock(EventSourcedAggregate<T> aggregate) {
        super.doSaveWithLock(aggregate);
        CurrentUnitOfWork.get().root().afterCommit(u -> cache.put(aggregate.identifierAsString(), aggregate));
    }

    @Override
    protected void validateOnLoad(Aggregate<T> aggregate, Long expectedVersion) {
        super.validateOnLoad(aggregate, expectedVersion);
        Attempt attempt = Attempt.of(CurrentUnitOfWork.get());
        if (attempt != null) {
            Expected expected = attempt.expected();
            aggregate.execute(root -> expected.check(aggregate.identifierAsString(), aggregate.version(), root));
        }
    }
}
