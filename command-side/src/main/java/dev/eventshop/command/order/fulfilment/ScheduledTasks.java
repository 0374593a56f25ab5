package dev.eventshop.command.order.fulfilment;

import com.github.kagkarlsson.scheduler.serializer.Serializer;
import com.github.kagkarlsson.scheduler.task.ExecutionComplete;
import com.github.kagkarlsson.scheduler.task.Task;
import com.github.kagkarlsson.scheduler.task.TaskDescriptor;
import com.github.kagkarlsson.scheduler.task.helper.Tasks;
import dev.eventshop.command.order.AbandonOrder;
import dev.eventshop.events.order.OrderId;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/**
 * What is done later, by whichever instance comes first: rows of {@code scheduled_task}. Both kinds change nothing when
 * they are executed twice. One that fails is tried again with growing pauses, without end.
 */
final class ScheduledTasks {

    /** Calls an order off that is still pending. */
    static final TaskDescriptor<PendingOrder> DEADLINE = TaskDescriptor.of("order-deadline", PendingOrder.class);

    /** Takes a step that failed before. */
    static final TaskDescriptor<FulfilmentStep> STEP = TaskDescriptor.of("order-fulfilment-step", FulfilmentStep.class);

    static final String TABLE = "scheduled_task";

    static final Duration FIRST_RETRY = Duration.ofSeconds(1);
    static final Duration LONGEST_RETRY = Duration.ofMinutes(1);

    /** 2 to this power is more than {@link #LONGEST_RETRY}. */
    private static final int DOUBLINGS = 6;

    private ScheduledTasks() {}

    static List<Task<?>> all(StockSteps steps, StockSteps.Sender commands) {
        return List.of(
                Tasks.oneTime(DEADLINE)
                        .onFailure((failed, task) ->
                                task.reschedule(failed, failed.getTimeDone().plus(pause(failed))))
                        .execute((task, context) -> commands.send(
                                new AbandonOrder(
                                        new OrderId(task.getData().orderId()),
                                        "The order could not be confirmed in time."),
                                task.getData().cause())),
                Tasks.oneTime(STEP)
                        .onFailure((failed, task) ->
                                task.reschedule(failed, failed.getTimeDone().plus(pause(failed))))
                        .execute((task, context) -> steps.take(task.getData())));
    }

    private static Duration pause(ExecutionComplete failed) {
        int failures = Math.min(failed.getExecution().consecutiveFailures, DOUBLINGS);
        Duration pause = FIRST_RETRY.multipliedBy(1L << failures);
        return pause.compareTo(LONGEST_RETRY) < 0 ? pause : LONGEST_RETRY;
    }

    /** JSON in place of the library's serialized Java objects: no class is chosen by data, the task says which. */
    static final class Json implements Serializer {

        private final JsonMapper mapper = JsonMapper.shared();

        @Override
        public byte @Nullable [] serialize(@Nullable Object data) {
            return data == null ? null : mapper.writeValueAsBytes(data);
        }

        @Override
        public <T> @Nullable T deserialize(Class<T> type, byte @Nullable [] json) {
            return json == null ? null : mapper.readValue(json, type);
        }
    }
}
