package dev.eventshop.command.order.fulfilment;

import com.github.kagkarlsson.scheduler.SchedulerClient;
import com.github.kagkarlsson.scheduler.exceptions.ExecutionException;
import com.github.kagkarlsson.scheduler.exceptions.TaskInstanceCurrentlyExecutingException;
import com.github.kagkarlsson.scheduler.exceptions.TaskInstanceNotFoundException;
import com.github.kagkarlsson.scheduler.task.TaskInstanceId;
import dev.eventshop.command.dispatch.Cause;
import dev.eventshop.events.order.OrderCreatedEvent;
import dev.eventshop.events.order.OrderStatus;
import dev.eventshop.events.order.OrderStatusChangedEvent;
import java.time.Duration;
import java.util.List;
import org.axonframework.config.ProcessingGroup;
import org.axonframework.eventhandling.EventHandler;
import org.axonframework.messaging.MetaData;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives every order a time by which it is confirmed or called off. The deadline is written in the transaction of the
 * order that is placed, whether or not anything else works, and removed in that of the order's next step.
 */
@ProcessingGroup(OrderDeadlines.GROUP)
class OrderDeadlines {

    /** Runs in the transaction of the events. */
    static final String GROUP = "order-deadlines";

    private static final Logger LOG = LoggerFactory.getLogger(OrderDeadlines.class);

    private final SchedulerClient scheduler;
    private final Duration pendingFor;

    /** @param scheduler takes part in the current transaction */
    OrderDeadlines(SchedulerClient scheduler, Duration pendingFor) {
        this.scheduler = scheduler;
        this.pendingFor = pendingFor;
    }

    @EventHandler
    void on(OrderCreatedEvent event, MetaData metaData) {
        Cause cause = Cause.of(metaData);
        // A batch of one is one statement. Placing is the first event of its order, so there is no deadline yet.
        scheduler.scheduleBatch(
                List.of(ScheduledTasks.DEADLINE
                        .instance(Integer.toString(event.orderId()))
                        .data(new PendingOrder(event.orderId(), cause.correlationId(), cause.traceParent()))
                        .build()),
                event.createdAt().plus(pendingFor));
    }

    @EventHandler
    void on(OrderStatusChangedEvent event) {
        if (!event.oldStatus().equals(OrderStatus.PENDING.name())) {
            return;
        }
        try {
            scheduler.cancel(
                    TaskInstanceId.of(ScheduledTasks.DEADLINE.getTaskName(), Integer.toString(event.orderId())));
        } catch (TaskInstanceNotFoundException | TaskInstanceCurrentlyExecutingException | ExecutionException late) {
            LOG.debug("the deadline of order {} is being executed, or was", event.orderId()); // without effect any more
        }
    }
}
