package dev.eventshop.messaging.deadletter;

import dev.eventshop.messaging.Backoff;
import dev.eventshop.messaging.PublicationFailed;
import dev.eventshop.messaging.QueueDefinition;
import dev.eventshop.messaging.publishing.ChannelPublisher;
import dev.eventshop.messaging.publishing.Publication;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends messages to their dead-letter queues, on a thread of its own: a broker that takes none holds up no consumer
 * that has good messages in hand. What can't be sent yet is tried again, and is not acknowledged until then.
 */
public final class DeadLetters {

    private static final Logger LOG = LoggerFactory.getLogger(DeadLetters.class);

    private final ChannelPublisher queues;
    private final Backoff backoff;
    private final ScheduledThreadPoolExecutor sender;

    /** @param queues publishes to the default exchange */
    public DeadLetters(ChannelPublisher queues, Backoff backoff) {
        this.queues = queues;
        this.backoff = backoff;
        this.sender = new ScheduledThreadPoolExecutor(1, task -> {
            Thread thread = new Thread(task, "messaging-dead-letters");
            thread.setDaemon(true);
            return thread;
        });
        sender.setRejectedExecutionHandler(new ThreadPoolExecutor.DiscardPolicy()); // goes back to its queue
        sender.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
    }

    /**
     * Sends it as soon as the broker takes it.
     *
     * @param wanted asked before each attempt; when it says no, the message has gone back to its queue
     * @param sent   called when the broker has stored it; when that fails, it is sent once more
     */
    public void send(DeadLetter letter, BooleanSupplier wanted, Runnable sent) {
        sender.execute(() -> attempt(letter, DeadLetter::publication, wanted, sent, 1));
    }

    private void attempt(
            DeadLetter letter,
            Function<DeadLetter, Publication> form,
            BooleanSupplier wanted,
            Runnable sent,
            int attempt) {
        if (!wanted.getAsBoolean()) {
            return;
        }
        try {
            queues.send(List.of(form.apply(letter)));
            sent.run();
        } catch (PublicationFailed e) {
            LOG.warn(
                    "A message of queue {} can't be sent to {} yet: {}",
                    letter.queue(),
                    QueueDefinition.deadLetterQueue(letter.queue()),
                    e.getMessage());
            // The client refuses headers that don't fit into a frame.
            boolean tooLarge = e.getCause() instanceof IllegalArgumentException;
            again(letter, tooLarge ? DeadLetter::publicationWithoutItsHeaders : form, wanted, sent, attempt);
        } catch (Throwable e) { // nobody has thought of it, and nobody else sends it
            LOG.error("A message of queue {} can't be sent to its dead letters yet", letter.queue(), e);
            again(letter, form, wanted, sent, attempt);
        }
    }

    private void again(
            DeadLetter letter,
            Function<DeadLetter, Publication> form,
            BooleanSupplier wanted,
            Runnable sent,
            int attempts) {
        sender.schedule(
                () -> attempt(letter, form, wanted, sent, attempts + 1),
                backoff.after(attempts).toMillis(),
                TimeUnit.MILLISECONDS);
    }

    /** Finishes what is being sent; the rest goes back to its queue. */
    public void stop(Duration atMost) throws InterruptedException {
        sender.shutdown();
        if (!sender.awaitTermination(atMost.toMillis(), TimeUnit.MILLISECONDS)) {
            sender.shutdownNow();
        }
        queues.close();
    }
}
