package dev.eventshop.messaging.publishing;

import dev.eventshop.messaging.PublicationFailed;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One batch on its way, and what the broker has said about each of its messages. A message that finds no queue is
 * returned and then confirmed by RabbitMQ, refused and then returned by Qpid.
 */
final class Batch {

    private enum Verdict {
        NONE,
        CONFIRMED,
        REFUSED
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final List<Publication> messages;
    private final long firstTag;
    private final Verdict[] verdicts;
    private final boolean[] returned;
    private int written;
    private int settled;
    private int firstUnsettled;
    private boolean writing = true;
    private boolean lost;
    private @Nullable String failure;
    private @Nullable Throwable cause;

    /** @param firstTag number that the broker will confirm the first message by */
    Batch(List<Publication> messages, long firstTag) {
        this.messages = messages;
        this.firstTag = firstTag;
        this.verdicts = new Verdict[messages.size()];
        this.returned = new boolean[messages.size()];
        Arrays.fill(verdicts, Verdict.NONE);
    }

    List<Publication> messages() {
        return messages;
    }

    /** @return whether the next message should still be written; what follows a failure would only be sent twice */
    boolean beforeWriting() {
        lock.lock();
        try {
            if (failure == null) {
                written++;
                return true;
            }
            return false;
        } finally {
            lock.unlock();
        }
    }

    void writingEnded() {
        change(() -> writing = false);
    }

    void settle(long tag, boolean multiple, boolean confirmed) {
        change(() -> {
            int last = tag == 0 ? written - 1 : Math.toIntExact(tag - firstTag);
            for (int i = multiple ? firstUnsettled : last; i <= last; i++) {
                if (i >= 0 && verdicts[i] == Verdict.NONE) {
                    verdicts[i] = confirmed ? Verdict.CONFIRMED : Verdict.REFUSED;
                    settled++;
                    if (!confirmed) {
                        fail(
                                "the broker refused a message with routing key \"%s\""
                                        .formatted(messages.get(i).routingKey()),
                                null);
                    }
                }
            }
            while (firstUnsettled < verdicts.length && verdicts[firstUnsettled] != Verdict.NONE) {
                firstUnsettled++;
            }
        });
    }

    /** The broker tells neither number nor place in the batch of what it returns. */
    void returned(@Nullable String messageId, String routingKey, String reason) {
        change(() -> {
            for (int i = firstUnsettled; i < written; i++) {
                Publication message = messages.get(i);
                if (!returned[i]
                        && verdicts[i] != Verdict.CONFIRMED
                        && Objects.equals(message.messageId(), messageId)
                        && message.routingKey().equals(routingKey)) {
                    returned[i] = true;
                    fail("no queue takes messages with routing key \"%s\": %s".formatted(routingKey, reason), null);
                    return;
                }
            }
            fail("a message that is not of this batch came back: " + messageId, null);
        });
    }

    /** Nothing more will be heard of this batch. */
    void lost(String reason, @Nullable Throwable because) {
        change(() -> {
            lost = true;
            fail(reason, because);
        });
    }

    /** Waits until the broker has said something about every message that was written, or until that can't be. */
    void await(Duration atMost) throws PublicationFailed {
        lock.lock();
        try {
            awaitSettled(atMost);
            if (failure != null) {
                throw new PublicationFailed(confirmedPrefix(), failure, cause);
            }
        } finally {
            lock.unlock();
        }
    }

    private void awaitSettled(Duration atMost) {
        try {
            long left = atMost.toNanos();
            while (!lost && (writing || settled < written)) {
                if (left <= 0) {
                    fail("the broker has not confirmed within " + atMost.toMillis() + " ms", null);
                    return;
                }
                left = changed.awaitNanos(left);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            fail("interrupted while waiting for the broker", e);
        }
    }

    /** Counts what was sent, and what has become of it so far. */
    void count(PublishingMeters meters) {
        lock.lock();
        try {
            for (int i = 0; i < written; i++) {
                meters.count(messages.get(i).routingKey(), verdicts[i] == Verdict.CONFIRMED, returned[i]);
            }
        } finally {
            lock.unlock();
        }
    }

    private int confirmedPrefix() {
        int i = 0;
        while (i < verdicts.length && verdicts[i] == Verdict.CONFIRMED && !returned[i]) {
            i++;
        }
        return i;
    }

    private void fail(String reason, @Nullable Throwable because) {
        if (failure == null) {
            failure = reason;
            cause = because;
        }
    }

    private void change(Runnable change) {
        lock.lock();
        try {
            change.run();
            changed.signalAll();
        } finally {
            lock.unlock();
        }
    }
}
