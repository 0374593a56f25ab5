package dev.eventshop.command.dispatch;

import dev.eventshop.eventstore.AppendReceipt;
import dev.eventshop.eventstore.EventLog;
import dev.eventshop.eventstore.StreamHead;
import org.axonframework.commandhandling.CommandMessage;
import org.axonframework.messaging.InterceptorChain;
import org.axonframework.messaging.MessageHandlerInterceptor;
import org.axonframework.messaging.unitofwork.UnitOfWork;

/**
 * Makes sure that an answer is never based on what another instance has changed, and notes version and position for
 * the answer.
 *
 * <p>A command that adds events is checked by the store when it appends them. One that adds none, because it is refused
 * or because nothing changes, writes nothing that could be checked; so one indexed query has to find the store's last
 * event at the version that was decided on. The query runs after the decision, while this instance still holds the
 * aggregate's lock, in the command's transaction. Otherwise the attempt ends with {@link StaleAggregate}, and the next
 * one reads the aggregate from the store. Only a refusal by an aggregate that was just read goes without: it was right
 * when the aggregate was read, and the transaction is rolled back.
 */
public final class ConfirmingInterceptor implements MessageHandlerInterceptor<CommandMessage<?>> {

    private final EventLog events;

    public ConfirmingInterceptor(EventLog events) {
        this.events = events;
    }

    @Override
    public Object handle(UnitOfWork<? extends CommandMessage<?>> unitOfWork, InterceptorChain chain) throws Exception {
        Attempt attempt = Attempt.of(unitOfWork);
        if (attempt == null) {
            throw new IllegalStateException("commands are sent through Commands: "
                    + unitOfWork.getMessage().getCommandName());
        }
        Object result;
        try {
            result = chain.proceed();
        } catch (CommandRefused refusal) {
            Attempt.Loaded loaded = attempt.loaded();
            if (loaded != null && loaded.fromCache()) {
                confirm(loaded);
            }
            throw refusal;
        }
        Object answer = result;
        unitOfWork.onPrepareCommit(
                u -> { // after the append, which was registered while the command was handled
                    noteAppended(u, attempt);
                    attempt.beforeCommit(answer);
                });
        Attempt.Loaded loaded = attempt.loaded();
        if (loaded != null && !loaded.changed()) {
            attempt.stored(loaded.version(), confirm(loaded).position());
        }
        return result;
    }

    private StreamHead confirm(Attempt.Loaded loaded) {
        StreamHead head =
                events.headOf(loaded.aggregateId()).orElseThrow(() -> new StaleAggregate(loaded.aggregateId()));
        if (head.sequenceNumber() != loaded.version()) {
            throw new StaleAggregate(loaded.aggregateId());
        }
        return head;
    }

    private static void noteAppended(UnitOfWork<?> unitOfWork, Attempt attempt) {
        AppendReceipt receipt = unitOfWork.root().getResource(AppendReceipt.RESOURCE);
        if (receipt != null) {
            receipt.versions().values().stream()
                    .findFirst() // a command changes one aggregate
                    .ifPresent(version -> attempt.stored(version, receipt.last()));
        }
    }
}
