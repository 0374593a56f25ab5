package dev.eventshop.command.order.fulfilment;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import dev.eventshop.eventstore.ErrorOccurredException;
import dev.eventshop.messaging.LoggedTrace;
import dev.eventshop.messaging.TraceParent;
import io.micrometer.core.instrument.Counter;
import java.time.Clock;
import org.axonframework.messaging.unitofwork.CurrentUnitOfWork;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes steps, and parks one that fails: it becomes a row of {@code scheduled_task}, written with the saga and its
 * position in one transaction, and is tried again until it succeeds. So an order whose step can't be taken stops no other
 * order, and none is dropped. When the database is not there the row can't be written either, and the processor keeps its
 * position and comes back; so it does where memory is lacking.
 */
final class ParkingSteps implements FulfilmentSteps {

    private static final Logger LOG = LoggerFactory.getLogger(ParkingSteps.class);

    private final StockSteps steps;
    private final SchedulerClient scheduler;
    private final Clock clock;
    private final Counter parked;

    /** @param scheduler takes part in the current transaction */
    ParkingSteps(StockSteps steps, SchedulerClient scheduler, Clock clock, Counter parked) {
        this.steps = steps;
        this.scheduler = scheduler;
        this.clock = clock;
        this.parked = parked;
    }

    @Override
    public void take(FulfilmentStep step) {
        LoggedTrace trace = LoggedTrace.of(TraceParent.traceId(step.traceParent()));
        try (trace) {
            takeOrPark(step);
        }
    }

    private void takeOrPark(FulfilmentStep step) {
        try {
            steps.take(step);
        } catch (RuntimeException | Error e) {
            if (ErrorOccurredException.isOfMemory(e)) {
                throw e; // not for the next order either
            }
            LOG.warn("The step {} of order {} failed, and is tried again later.", step.kind(), step.orderId(), e);
            // At the end of the unit of work: what writes earlier holds a transaction open for the next step's
            // commands.
            CurrentUnitOfWork.get().onPrepareCommit(unitOfWork -> park(step));
        }
    }

    private void park(FulfilmentStep step) {
        try {
            scheduler.scheduleIfNotExists(
                    ScheduledTasks.STEP
                            .instance(step.orderId() + "/" + step.kind())
                            .data(step)
                            .build(),
                    clock.instant().plus(ScheduledTasks.FIRST_RETRY));
        } catch (Error e) { // Axon 4.13.0 would not roll back
            throw new ErrorOccurredException(e);
        }
        parked.increment();
    }
}
