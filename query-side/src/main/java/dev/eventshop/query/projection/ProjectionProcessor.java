package dev.eventshop.query.projection;

import dev.eventshop.eventstore.AheadOfStoreException;
import dev.eventshop.eventstore.ErrorOccurredException;
import dev.eventshop.eventstore.EventLog;
import dev.eventshop.eventstore.Position;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntSupplier;
import org.axonframework.common.AxonThreadFactory;
import org.axonframework.common.transaction.TransactionManager;
import org.axonframework.eventhandling.ErrorContext;
import org.axonframework.eventhandling.EventMessage;
import org.axonframework.eventhandling.EventTrackerStatus;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.pooled.PooledStreamingEventProcessor;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.eventhandling.tokenstore.UnableToClaimTokenException;
import org.axonframework.messaging.InterceptorChain;
import org.axonframework.messaging.Message;
import org.axonframework.messaging.StreamableMessageSource;
import org.axonframework.messaging.unitofwork.UnitOfWork;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * This instance's share in one projection: Axon's pooled processor over the event store. Read model and token are written
 * in one transaction. A batch that fails is rolled back and tried again, event by event; one that can't be applied is set
 * apart, with those of the same aggregate behind it. While the database is away its segment gets no further, and tries with
 * growing pauses up to a minute.
 *
 * <p>Started and stopped by {@link Projections} only.
 */
final class ProjectionProcessor {

    private static final Logger log = LoggerFactory.getLogger(ProjectionProcessor.class);
    private static final long STOP_SECONDS = 15;
    private static final int NO_SEGMENT = -1;
    private static final int STREAM = -2;

    private final Projection projection;
    private final StreamableMessageSource<TrackedEventMessage<?>> events;
    private final EventLog store;
    private final TokenStore tokens;
    private final ProjectionFlags flags;
    private final Slots slots;
    private final TransactionManager transactions;
    private final QueryProperties properties;
    private final IntSupplier instances;
    private final Suspects suspects = new Suspects();
    private final Map<Integer, SegmentFailure> failures = new ConcurrentHashMap<>();
    private volatile @Nullable Running running;

    /** @param instances how many share the work, at least 1 */
    ProjectionProcessor(
            Projection projection,
            StreamableMessageSource<TrackedEventMessage<?>> events,
            EventLog store,
            TokenStore tokens,
            ProjectionFlags flags,
            Slots slots,
            TransactionManager transactions,
            QueryProperties properties,
            IntSupplier instances) {
        this.projection = projection;
        this.events = events;
        this.store = store;
        this.tokens = tokens;
        this.flags = flags;
        this.slots = slots;
        this.transactions = transactions;
        this.properties = properties;
        this.instances = instances;
    }

    Projection projection() {
        return projection;
    }

    boolean isRunning() {
        return running != null;
    }

    /** @return whether it was started before the view was emptied that often: it missed the pause, and the reset */
    boolean isOlderThan(long resets) {
        Running current = running;
        return current != null && current.resets() < resets;
    }

    /** @param resets how often the slot had been emptied by then, or less */
    void start(Slot slot, long resets) {
        if (running != null) {
            return;
        }
        failures.clear();
        String name = projection.name();
        ScheduledExecutorService coordinator =
                Executors.newScheduledThreadPool(1, new AxonThreadFactory(name + "-coordinator"));
        ScheduledExecutorService workers =
                Executors.newScheduledThreadPool(projection.segments(), new AxonThreadFactory(name));
        PooledStreamingEventProcessor processor = PooledStreamingEventProcessor.builder()
                .name(name)
                .eventHandlerInvoker(slots.invoker(projection, slot, suspects))
                .errorHandler(this::fail)
                .messageSource(new WatchedSource(events, this::streamFailed, this::streamWorks))
                .tokenStore(new SlotTokens(tokens, flags, slot, projection.version(), store, this::isAhead))
                .transactionManager(transactions)
                .coordinatorExecutor(coordinator)
                .workerExecutor(workers)
                .initialSegmentCount(projection.segments())
                .initialToken(StreamableMessageSource::createTailToken)
                .maxSegmentProvider(processorName -> share())
                .batchSize(properties.batchSize())
                .tokenClaimInterval(properties.claimInterval().toMillis())
                .claimExtensionThreshold(properties.storeIdleInterval().toMillis())
                .enableCoordinatorClaimExtension()
                .build();
        processor.registerHandlerInterceptor((unitOfWork, chain) -> watched(unitOfWork, chain));
        Running started = new Running(processor, resets, coordinator, workers);
        try {
            processor.start();
        } catch (RuntimeException | Error e) {
            started.shutDownThreads();
            throw e;
        }
        running = started;
    }

    /** Returns when the claims are given back; or after a while, when the database can't be reached. */
    void stop() {
        Running stopped = running;
        if (stopped == null) {
            return;
        }
        running = null;
        try {
            stopped.processor().shutdownAsync().get(STOP_SECONDS, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (TimeoutException | java.util.concurrent.ExecutionException e) {
            log.warn("Projection {} did not give its claims back; they will expire.", projection.name(), e);
        } finally {
            stopped.shutDownThreads();
        }
        failures.clear();
    }

    /**
     * @param resets how often the view has been emptied. A processor that was started before may have lost its segments
     *     without knowing, and what it remembers is from before: that does not count
     * @return how far each segment has come that this instance works on; all that is committed is visible
     */
    Map<Integer, Position> positions(long resets) {
        Running current = running;
        if (current == null || isOlderThan(resets)) {
            return Map.of();
        }
        Map<Integer, Position> positions = new HashMap<>();
        current.processor().processingStatus().forEach((segment, status) -> positions.put(segment, position(status)));
        return positions;
    }

    private static Position position(EventTrackerStatus status) {
        return status.getTrackingToken() instanceof Position position ? position : Position.START;
    }

    /** @return what has gone wrong in each segment since it last got on; under negative numbers what concerns all */
    Map<Integer, SegmentFailure> failures() {
        return Map.copyOf(failures);
    }

    /** Forgets the failure of a segment that got on elsewhere. */
    void forget(int segment, SegmentFailure failure) {
        failures.remove(segment, failure);
    }

    private int share() {
        int sharing = Math.max(1, instances.getAsInt());
        return (projection.segments() + sharing - 1) / sharing;
    }

    private @Nullable Object watched(UnitOfWork<? extends EventMessage<?>> unitOfWork, InterceptorChain chain)
            throws Exception {
        String key = "Processor[" + projection.name() + "]/SegmentId"; // WorkPackage, Axon 4.13.0
        int segment = unitOfWork.root().getOrDefaultResource(key, NO_SEGMENT);
        if (unitOfWork.root().resources().putIfAbsent(ProjectionProcessor.class.getName(), segment) == null) {
            EventMessage<?> first = unitOfWork.getMessage();
            List<? extends Message<?>> batch = PerBatch.messages(unitOfWork.root());
            unitOfWork.root().afterCommit(committed -> {
                failures.remove(segment);
                failures.remove(NO_SEGMENT);
            });
            unitOfWork.root().onRollback(rolledBack -> {
                if (rolledBack.getExecutionResult() != null
                        && rolledBack.getExecutionResult().isExceptionResult()) {
                    Throwable cause = rolledBack.getExecutionResult().getExceptionResult();
                    suspects.add(segment, batch, cause);
                    if (!(cause instanceof UnableToClaimTokenException)) { // another instance does it
                        failures.putIfAbsent(segment, SegmentFailure.of(first, cause));
                    }
                }
            });
        }
        EventMessage<?> message = unitOfWork.getMessage();
        try {
            return chain.proceed();
        } catch (Exception | Error e) {
            failures.put(segment, SegmentFailure.of(message, e));
            throw e;
        }
    }

    /** Also what goes wrong before a batch begins: an event that can't be read. Only exceptions are survived. */
    private void fail(ErrorContext context) throws Exception {
        if (failures.isEmpty() && !(context.error() instanceof UnableToClaimTokenException)) {
            failures.putIfAbsent(
                    NO_SEGMENT,
                    SegmentFailure.of(
                            context.failedEvents().isEmpty()
                                    ? null
                                    : context.failedEvents().get(0),
                            context.error()));
        }
        throw ErrorOccurredException.of(context.error());
    }

    /** The events themselves can't be read: the database is away, or one of them is of an unknown kind. */
    private void streamFailed(RuntimeException failure) {
        failures.put(STREAM, SegmentFailure.of(null, failure));
    }

    /** Said once: it is tried again, in case that the store is replaced by the right one. */
    private void isAhead(int segment, AheadOfStoreException failure) {
        SegmentFailure before = failures.put(segment, SegmentFailure.of(null, failure));
        if (before == null || !before.error().equals(failure.getMessage())) {
            log.error("Projection {} does not go on: {}", projection.name(), failure.getMessage());
        }
    }

    private void streamWorks() {
        failures.remove(STREAM);
    }

    private record Running(
            PooledStreamingEventProcessor processor,
            long resets,
            ScheduledExecutorService coordinator,
            ScheduledExecutorService workers) {

        void shutDownThreads() {
            coordinator.shutdown();
            workers.shutdown();
        }
    }
}
