package dev.eventshop.messaging.deadletter;

import static org.mockito.ArgumentMatchers.anyList;
import static org.mockito.Mockito.doThrow;
import static org.mockito.Mockito.mock;
import static org.mockito.Mockito.timeout;
import static org.mockito.Mockito.verify;

import com.rabbitmq.client.AMQP;
import dev.eventshop.messaging.Backoff;
import dev.eventshop.messaging.publishing.ChannelPublisher;
import java.io.PrintWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class DeadLettersTest {

    private final ChannelPublisher queues = mock();
    private final DeadLetters letters =
            new DeadLetters(queues, new Backoff(Duration.ofMillis(5), Duration.ofMillis(5)));
    private final Runnable sent = mock();

    @AfterEach
    void stop() throws InterruptedException {
        letters.stop(Duration.ofSeconds(1));
    }

    private static DeadLetter letter(Throwable error) {
        return new DeadLetter(
                "things",
                "thing.happened",
                new AMQP.BasicProperties(),
                new byte[0],
                error,
                4,
                Instant.EPOCH,
                Instant.EPOCH);
    }

    @Test
    void areTriedAgainWhenAnErrorKeepsThemFromBeingWritten() {
        AtomicBoolean first = new AtomicBoolean(true);

        letters.send(
                letter(new IllegalStateException("no") {
                    private static final long serialVersionUID = 1L;

                    @Override
                    public void printStackTrace(PrintWriter out) {
                        if (first.getAndSet(false)) {
                            throw new OutOfMemoryError("full");
                        }
                    }
                }),
                () -> true,
                sent);

        verify(sent, timeout(10_000)).run();
    }

    @Test
    void areTriedAgainWhenWhatFollowsEndsInAnError() throws Exception {
        doThrow(new OutOfMemoryError("full")).doNothing().when(sent).run();

        letters.send(letter(new IllegalStateException("no")), () -> true, sent);

        verify(queues, timeout(10_000).times(2)).send(anyList());
    }
}
