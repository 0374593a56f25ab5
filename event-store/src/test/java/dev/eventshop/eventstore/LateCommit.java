package dev.eventshop.eventstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.axonframework.common.stream.BlockingStream;
import org.axonframework.eventhandling.DomainEventMessage;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.jspecify.annotations.Nullable;

/**
 * A writer inserts an event and stays open, while others commit events behind it and a reader goes on; then it commits.
 * Where readers wait, an older writer commits in between, so that there is something that makes them read. The same for
 * every store.
 */
final class LateCommit {

    private static final int TRANSACTION = 1_000;

    private final Subject subject;
    private final Duration age;
    private final List<String> written = new ArrayList<>();
    private final List<String> read = new CopyOnWriteArrayList<>();

    private LateCommit(Subject subject, Duration age) {
        this.subject = subject;
        this.age = age;
    }

    /** What is tested. */
    interface Subject {

        void inTransaction(Runnable work);

        void append(List<? extends DomainEventMessage<?>> events);

        BlockingStream<TrackedEventMessage<?>> openStream();

        /** Whether its readers pass the open writer, so that the test has to wait until they have. */
        boolean readersPass();
    }

    /**
     * @param late             the event of the writer that was open
     * @param older            that of the one that had begun before it, and committed before it
     * @param written          everything that was committed
     * @param read             everything that the reader got, in its order
     * @param readBeforeCommit how many events the reader had got when the writer committed
     */
    record Result(String late, @Nullable String older, List<String> written, List<String> read, int readBeforeCommit) {}

    /**
     * @param behind how many events others commit meanwhile
     * @param open   for how long the writer stays open, at least
     * @param age    how old the events are: as they look to a reader that is behind by that time
     */
    static Result run(Subject subject, int behind, Duration open, Duration age) throws Exception {
        return new LateCommit(subject, age).run(behind, open);
    }

    private Result run(int behind, Duration open) throws Exception {
        append(1);
        ExecutorService executor = Executors.newFixedThreadPool(3);
        CountDownLatch finished = new CountDownLatch(1);
        try (BlockingStream<TrackedEventMessage<?>> stream = subject.openStream()) {
            Future<?> reader = executor.submit(() -> {
                while (finished.getCount() > 0) {
                    if (stream.hasNextAvailable(10, TimeUnit.MILLISECONDS)) {
                        read.add(stream.nextAvailable().getIdentifier());
                    }
                }
                return null;
            });
            await().untilAsserted(() -> assertThat(read).hasSameSizeAs(written));

            OpenWriter older = subject.readersPass() ? null : new OpenWriter(executor);
            OpenWriter late = new OpenWriter(executor);
            Instant opened = Instant.now();
            append(behind);
            if (older != null) {
                older.commit();
                await().atMost(Duration.ofSeconds(60)).until(() -> read.contains(older.event));
            }
            if (subject.readersPass()) {
                await().atMost(Duration.ofSeconds(60)).until(() -> read.size() >= written.size());
            }
            await().atMost(Duration.ofSeconds(90)).until(() -> !Instant.now().isBefore(opened.plus(open)));
            int readBeforeCommit = read.size();
            late.commit();

            String marker = append(1);
            await().atMost(Duration.ofSeconds(60)).until(() -> read.contains(marker));
            finished.countDown();
            reader.get();
            return new Result(
                    late.event, older == null ? null : older.event, written, List.copyOf(read), readBeforeCommit);
        } finally {
            finished.countDown();
            executor.shutdownNow();
        }
    }

    /** @return the last event's id */
    private String append(int count) {
        List<DomainEventMessage<Counted>> events = newEvents(count);
        for (int from = 0; from < count; from += TRANSACTION) {
            List<DomainEventMessage<Counted>> part = events.subList(from, Math.min(count, from + TRANSACTION));
            subject.inTransaction(() -> subject.append(part));
        }
        events.forEach(event -> written.add(event.getIdentifier()));
        return events.get(count - 1).getIdentifier();
    }

    private List<DomainEventMessage<Counted>> newEvents(int count) {
        String id = "counter-" + UUID.randomUUID();
        Instant time = Instant.now().minus(age);
        List<DomainEventMessage<Counted>> events = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            events.add(Counted.event(id, i, time));
        }
        return events;
    }

    /** A transaction that has inserted an event. */
    private final class OpenWriter {

        final String event;
        private final CountDownLatch release = new CountDownLatch(1);
        private final Future<?> transaction;

        OpenWriter(ExecutorService executor) {
            List<DomainEventMessage<Counted>> inserted = newEvents(1);
            CountDownLatch open = new CountDownLatch(1);
            event = inserted.get(0).getIdentifier();
            transaction = executor.submit(() -> subject.inTransaction(() -> {
                subject.append(inserted);
                open.countDown();
                awaitQuietly(release);
            }));
            await().until(() -> open.getCount() == 0);
        }

        void commit() throws Exception {
            release.countDown();
            transaction.get();
            written.add(event);
        }
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
