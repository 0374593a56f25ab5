package dev.eventshop.notification.delivery.ledger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.eventshop.events.order.OrderStatus;
import dev.eventshop.notification.person.Person;
import dev.eventshop.notification.recipient.RecipientDirectories;
import dev.eventshop.notification.recipient.RecipientDirectory;
import java.math.BigDecimal;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

class LedgerIT {

    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final MailContent CONTENT = new MailContent("subject", "<p>html</p>", "text");

    private static LedgerDatabase ledger;
    private static RecipientDirectory directory;

    @BeforeAll
    static void start() {
        ledger = new LedgerDatabase();
        directory = RecipientDirectories.on(ledger.jdbc, ledger.keys, ledger.rechecks);
    }

    @AfterAll
    static void stop() {
        ledger.close();
    }

    @BeforeEach
    void clean() throws InterruptedException {
        ledger.clean();
        ledger.rechecks.take(Duration.ZERO);
    }

    private static NewNotification welcome(int userId) {
        return new NewNotification(userId, null, new Facts.Welcome(), null, null);
    }

    private static NewNotification shipped(int orderId) {
        return new NewNotification(null, orderId, new Facts.StatusChange(OrderStatus.SHIPPED), null, null);
    }

    private static NewNotification confirmation(int orderId, int userId) {
        return new NewNotification(
                userId,
                orderId,
                new Facts.Confirmation(
                        new BigDecimal("10.00"), List.of(new Facts.Line("Tea", 2, new BigDecimal("5.00")))),
                "vi",
                "4bf92f3577b34da6a3ce929d0e0e4736");
    }

    private static void in(Runnable work) {
        ledger.transaction.executeWithoutResult(status -> work.run());
    }

    private static void register(int userId) {
        in(() -> directory.register(userId, "user" + userId + "@example.org", "User " + userId, "en"));
    }

    private static Notification row(long id) {
        return ledger.deliveries.find(id).orElseThrow();
    }

    /** After all that is written then. */
    private static void beforeCommit(Runnable action) {
        TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
            @Override
            public void beforeCommit(boolean readOnly) {
                action.run();
            }
        });
    }

    private static int rows() {
        return ledger.jdbc
                .sql("SELECT count(*) FROM notification")
                .query(Integer.class)
                .single();
    }

    private static void sql(String sql) {
        ledger.jdbc.sql(sql).update();
    }

    @Nested
    class Recording {

        @Test
        void takesOneRowPerKey() {
            in(() -> ledger.notifications.record(shipped(1)));
            in(() -> ledger.notifications.record(shipped(1)));
            in(() -> ledger.notifications.record(
                    new NewNotification(null, 1, new Facts.StatusChange(OrderStatus.CONFIRMED), null, null)));
            in(() -> ledger.notifications.record(shipped(2)));
            in(() -> ledger.notifications.record(confirmation(1, 7)));
            in(() -> ledger.notifications.record(confirmation(1, 8)));
            in(() -> ledger.notifications.record(
                    new NewNotification(7, 1, new Facts.Completion(BigDecimal.TEN), null, null)));
            in(() -> ledger.notifications.record(new NewNotification(7, 1, new Facts.Cancellation("no"), null, null)));
            in(() -> ledger.notifications.record(welcome(1)));
            in(() -> ledger.notifications.record(welcome(1)));
            assertThat(rows()).isEqualTo(7);
        }

        @Test
        void takesOneRowAlsoFromManyAtOnce() throws Exception {
            ExecutorService threads = Executors.newFixedThreadPool(10);
            try {
                for (int round = 1; round <= 20; round++) {
                    int order = round;
                    List<Future<?>> answers = new ArrayList<>();
                    CountDownLatch go = new CountDownLatch(1);
                    for (int i = 0; i < 10; i++) {
                        answers.add(threads.submit(() -> {
                            go.await();
                            in(() -> {
                                ledger.notifications.record(shipped(order));
                                ledger.notifications.record(shipped(order + 100));
                                ledger.notifications.record(shipped(order));
                            });
                            return null;
                        }));
                    }
                    go.countDown();
                    for (Future<?> answer : answers) {
                        answer.get(10, TimeUnit.SECONDS);
                    }
                    assertThat(rows()).isEqualTo(2 * round);
                }
            } finally {
                threads.shutdownNow();
            }
        }

        @Test
        void isOneStatementForAllOfATransaction() {
            register(7);
            long before = ledger.statements();
            double recorded = recordedStatusMails();
            in(() -> {
                for (int order = 1; order <= 20; order++) {
                    ledger.notifications.record(shipped(order));
                    directory.assign(order, 7);
                    directory.assign(order, 8);
                }
            });
            assertThat(ledger.statements() - before).isEqualTo(2);
            assertThat(ledger.jdbc
                            .sql("SELECT count(*) FROM notification WHERE user_id = 7 AND status = 'PENDING'")
                            .query(Integer.class)
                            .single())
                    .isEqualTo(20);
            assertThat(recordedStatusMails() - recorded).isEqualTo(20);
        }

        private double recordedStatusMails() {
            return ledger.meters
                    .counter("eventshop.notifications.recorded", "kind", "ORDER_STATUS")
                    .count();
        }

        @Test
        void belongsToTheTransactionThatItWasAskedForIn() {
            TransactionTemplate another = new TransactionTemplate(ledger.transaction.getTransactionManager());
            another.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
            ledger.transaction.executeWithoutResult(status -> {
                ledger.notifications.record(welcome(7));
                another.executeWithoutResult(inner -> ledger.notifications.record(welcome(8)));
                ledger.notifications.record(welcome(9));
                status.setRollbackOnly();
            });
            assertThat(ledger.jdbc
                            .sql("SELECT user_id FROM notification")
                            .query(Integer.class)
                            .list())
                    .containsExactly(8);
        }

        @Test
        void isUndoneWithItsTransaction() throws InterruptedException {
            register(7);
            ledger.rechecks.take(Duration.ZERO);
            ledger.transaction.executeWithoutResult(status -> {
                ledger.notifications.record(welcome(7));
                ledger.notifications.record(welcome(8));
                status.setRollbackOnly();
            });
            assertThat(rows()).isZero();
            assertThat(ledger.rechecks.take(Duration.ZERO).isEmpty()).isTrue();
        }

        @Test
        void isPendingInTheLanguageOfTheDirectoryWhenAllIsKnown() {
            register(7);
            in(() -> directory.assign(1, 7));
            in(() -> ledger.notifications.record(shipped(1)));
            in(() -> ledger.notifications.record(confirmation(1, 7)));

            assertThat(ledger.deliveries.claim(UUID.randomUUID(), 10, LEASE))
                    .hasSize(2)
                    .allSatisfy(row -> {
                        assertThat(row.userId()).isEqualTo(7);
                        assertThat(row.recipient()).isEqualTo("user7@example.org");
                        assertThat(row.fullName()).isEqualTo("User 7");
                        assertThat(row.locale()).isEqualTo("en");
                    });
        }

        @Test
        void takesTheLanguageOfTheMessageWhenTheDirectoryHasNone() {
            in(() -> directory.register(7, "a@example.org", "A", null));
            in(() -> ledger.notifications.record(confirmation(1, 7)));
            assertThat(ledger.deliveries
                            .claim(UUID.randomUUID(), 10, LEASE)
                            .get(0)
                            .locale())
                    .isEqualTo("vi");
        }

        @Test
        void keepsTheTraceOfItsMessage() {
            register(7);
            in(() -> ledger.notifications.record(confirmation(1, 7)));
            in(() -> ledger.notifications.record(welcome(7)));
            assertThat(ledger.deliveries.claim(UUID.randomUUID(), 10, LEASE))
                    .extracting(Notification::traceId)
                    .containsExactly("4bf92f3577b34da6a3ce929d0e0e4736", null);
        }

        @Test
        void isSuppressedForAnErasedPerson() {
            register(7);
            in(() -> directory.erase(7));
            in(() -> ledger.notifications.record(welcome(7)));
            assertThat(ledger.onlyStatus()).isEqualTo("SUPPRESSED");
        }
    }

    @Nested
    class Waiting {

        @Test
        void endsWhenTheUserIsTold() {
            in(() -> ledger.notifications.record(confirmation(1, 7)));
            assertThat(ledger.onlyStatus()).isEqualTo("WAITING_FOR_RECIPIENT");
            register(7);
            ledger.recheck();
            assertThat(ledger.onlyStatus()).isEqualTo("PENDING");
        }

        @Test
        void endsWhenOrderAndUserAreToldInEitherOrder() {
            in(() -> ledger.notifications.record(shipped(1)));
            in(() -> directory.assign(1, 7));
            ledger.recheck();
            assertThat(ledger.onlyStatus()).isEqualTo("WAITING_FOR_RECIPIENT");
            register(7);
            ledger.recheck();
            assertThat(ledger.onlyStatus()).isEqualTo("PENDING");

            in(() -> ledger.notifications.record(shipped(2)));
            register(8);
            ledger.recheck();
            in(() -> directory.assign(2, 8));
            ledger.recheck();
            assertThat(ledger.deliveries.claim(UUID.randomUUID(), 10, LEASE)).hasSize(2);
        }

        @Test
        void endsSuppressedWhenThePersonWasErased() {
            in(() -> ledger.notifications.record(shipped(1)));
            in(() -> directory.erase(7));
            in(() -> directory.assign(1, 7));
            ledger.recheck();
            assertThat(ledger.onlyStatus()).isEqualTo("SUPPRESSED");
        }

        @Test
        void leavesOthersWaiting() {
            in(() -> ledger.notifications.record(confirmation(1, 7)));
            in(() -> ledger.notifications.record(confirmation(2, 8)));
            register(8);
            ledger.recheck();
            assertThat(ledger.deliveries.claim(UUID.randomUUID(), 10, LEASE))
                    .extracting(Notification::orderId)
                    .containsExactly(2);
        }

        /** The message that needs the user commits last: it must look itself. */
        @Test
        void isNotMissedWhenTheUserIsToldBeforeTheEmailIsVisible() throws Exception {
            CountDownLatch recorded = new CountDownLatch(1);
            CountDownLatch told = new CountDownLatch(1);
            ExecutorService other = Executors.newSingleThreadExecutor();
            try {
                Future<?> needs = other.submit(() -> in(() -> {
                    ledger.notifications.record(confirmation(1, 7));
                    beforeCommit(() -> {
                        recorded.countDown();
                        await(told);
                    });
                }));
                await(recorded);
                register(7);
                ledger.recheck(); // finds nothing: the row is not committed
                told.countDown();
                needs.get(10, TimeUnit.SECONDS);
            } finally {
                other.shutdownNow();
            }
            ledger.recheck();
            assertThat(ledger.onlyStatus()).isEqualTo("PENDING");
        }

        /** The message that brings the order commits last: it must look. */
        @Test
        void isNotMissedWhenTheEmailIsRecordedBeforeTheOrderIsVisible() throws Exception {
            register(7);
            ledger.recheck();
            CountDownLatch assigned = new CountDownLatch(1);
            CountDownLatch recorded = new CountDownLatch(1);
            ExecutorService other = Executors.newSingleThreadExecutor();
            try {
                Future<?> brings = other.submit(() -> in(() -> {
                    directory.assign(1, 7);
                    beforeCommit(() -> {
                        assigned.countDown();
                        await(recorded);
                    });
                }));
                await(assigned);
                in(() -> ledger.notifications.record(shipped(1)));
                ledger.recheck(); // finds nothing: the order is not committed
                recorded.countDown();
                brings.get(10, TimeUnit.SECONDS);
            } finally {
                other.shutdownNow();
            }
            ledger.recheck();
            assertThat(ledger.onlyStatus()).isEqualTo("PENDING");
        }

        /** The order tells the user while the user is told: who looks at the order has not seen the user yet. */
        @Test
        void isNotMissedWhenTheUserIsToldWhileTheOrderIsLookedAt() throws Exception {
            in(() -> ledger.notifications.record(shipped(1)));
            in(() -> directory.assign(1, 7));
            CountDownLatch locked = new CountDownLatch(1);
            CountDownLatch told = new CountDownLatch(1);
            ExecutorService others = Executors.newFixedThreadPool(2);
            try {
                Future<?> holds = others.submit(() -> in(() -> {
                    ledger.jdbc
                            .sql("SELECT notification_id FROM notification FOR UPDATE")
                            .query(Long.class)
                            .list();
                    locked.countDown();
                    await(told);
                }));
                await(locked);
                Future<?> looks = others.submit(ledger::recheck);
                Awaitility.await()
                        .until(() -> ledger.jdbc
                                .sql("SELECT count(*) > 0 FROM pg_stat_activity WHERE datname = current_database() "
                                        + "AND wait_event_type = 'Lock'")
                                .query(Boolean.class)
                                .single());
                register(7);
                ledger.recheck(); // finds nothing: the row names no user
                told.countDown();
                holds.get(10, TimeUnit.SECONDS);
                looks.get(10, TimeUnit.SECONDS);
            } finally {
                others.shutdownNow();
            }
            assertThat(ledger.onlyStatus()).isEqualTo("PENDING");
        }

        @Test
        void isMissedByNobodyWhateverTheOrderOfManyMessagesAtOnce() throws Exception {
            int orders = 300;
            List<Runnable> messages = new ArrayList<>();
            for (int i = 1; i <= orders; i++) {
                int id = i;
                messages.add(() -> register(id));
                messages.add(() -> in(() -> {
                    directory.assign(id, id);
                    ledger.notifications.record(confirmation(id, id));
                }));
                messages.add(() -> in(() -> ledger.notifications.record(shipped(id))));
            }
            java.util.Collections.shuffle(messages, ThreadLocalRandom.current());
            ExecutorService threads = Executors.newFixedThreadPool(8);
            try {
                List<Future<?>> all = new ArrayList<>();
                for (Runnable message : messages) {
                    all.add(threads.submit(message));
                }
                for (Future<?> one : all) {
                    while (!one.isDone()) {
                        ledger.recheck();
                    }
                    one.get();
                }
            } finally {
                threads.shutdownNow();
            }
            ledger.recheck();
            assertThat(ledger.jdbc
                            .sql("SELECT status, count(*)::int FROM notification GROUP BY status")
                            .query((row, n) -> row.getString(1) + " " + row.getInt(2))
                            .list())
                    .containsExactly("PENDING " + 2 * orders);
        }

        @Test
        void isFoundByTheSweepWhenACrashHasLostTheRequest() throws InterruptedException {
            in(() -> ledger.notifications.record(shipped(1)));
            in(() -> directory.assign(1, 7));
            register(7);
            ledger.rechecks.take(Duration.ZERO); // lost
            assertThat(ledger.deliveries.releaseAll()).isEqualTo(1);
            assertThat(ledger.onlyStatus()).isEqualTo("PENDING");
        }

        @Test
        void endsInFailureWithTheCauseAfterItsTime() {
            in(() -> ledger.notifications.record(shipped(1)));
            in(() -> ledger.notifications.record(confirmation(2, 7)));
            assertThat(ledger.deliveries.expireWaiting()).isZero();
            sql("UPDATE notification SET give_up_at = now()");
            assertThat(ledger.deliveries.expireWaiting()).isEqualTo(2);
            assertThat(ledger.jdbc
                            .sql("SELECT status || ': ' || error FROM notification ORDER BY order_id")
                            .query(String.class)
                            .list())
                    .containsExactly(
                            "FAILED: Nobody told whose order 1 is (order.created) in time.",
                            "FAILED: Nobody told the address of user 7 (user.registered) in time.");
        }
    }

    @Nested
    class Claiming {

        @Test
        void givesEachEmailToOneOfManyWorkers() throws Exception {
            register(7);
            for (int i = 1; i <= 200; i++) {
                int id = i;
                in(() -> ledger.notifications.record(confirmation(id, 7)));
            }
            ExecutorService threads = Executors.newFixedThreadPool(4);
            Set<Long> seen = new HashSet<>();
            try {
                List<Future<List<Long>>> workers = new ArrayList<>();
                for (int i = 0; i < 4; i++) {
                    workers.add(threads.submit(() -> {
                        List<Long> mine = new ArrayList<>();
                        List<Notification> batch;
                        do {
                            batch = ledger.deliveries.claim(UUID.randomUUID(), 7, LEASE);
                            batch.forEach(row -> mine.add(row.id()));
                        } while (!batch.isEmpty());
                        return mine;
                    }));
                }
                for (Future<List<Long>> worker : workers) {
                    worker.get(30, TimeUnit.SECONDS)
                            .forEach(id -> assertThat(seen.add(id)).isTrue());
                }
            } finally {
                threads.shutdownNow();
            }
            assertThat(seen).hasSize(200);
        }

        @Test
        void leavesOutWhatIsNotDueYet() {
            register(7);
            in(() -> ledger.notifications.record(welcome(7)));
            UUID claim = UUID.randomUUID();
            long id = ledger.deliveries.claim(claim, 1, LEASE).get(0).id();
            ledger.deliveries.retryLater(claim, row(id), Failure.of("451 later"), Duration.ofMinutes(1));
            assertThat(ledger.deliveries.claim(UUID.randomUUID(), 1, LEASE)).isEmpty();
            assertThat(ledger.onlyStatus()).isEqualTo("PENDING");
        }

        @Test
        void isFencedOnceAnotherHasIt() {
            register(7);
            in(() -> ledger.notifications.record(welcome(7)));
            UUID late = UUID.randomUUID();
            long id = ledger.deliveries.claim(late, 1, Duration.ZERO).get(0).id();
            assertThat(ledger.deliveries.handOver(late, row(id), CONTENT)).isFalse();
            ledger.deliveries.recover();
            UUID next = UUID.randomUUID();
            assertThat(ledger.deliveries.claim(next, 1, LEASE)).hasSize(1);

            assertThat(ledger.deliveries.handOver(late, row(id), CONTENT)).isFalse();
            ledger.deliveries.sent(late, id);
            ledger.deliveries.failed(late, row(id), Failure.of("no"));
            ledger.deliveries.retryLater(late, row(id), Failure.of("no"), Duration.ZERO);
            assertThat(ledger.onlyStatus()).isEqualTo("SENDING");
            assertThat(ledger.deliveries.handOver(next, row(id), CONTENT)).isTrue();
            ledger.deliveries.sent(next, id);
            assertThat(ledger.onlyStatus()).isEqualTo("SENT");
        }
    }

    @Nested
    class AProcessThatDied {

        private final UUID claim = UUID.randomUUID();
        private long id;

        @BeforeEach
        void claimOne() {
            register(7);
            in(() -> ledger.notifications.record(welcome(7)));
            id = ledger.deliveries.claim(claim, 1, LEASE).get(0).id();
        }

        @Test
        void beforeTheHandOverLeavesTheEmailPending() {
            sql("UPDATE notification SET lease_until = now()");
            assertThat(ledger.deliveries.recover()).isZero();
            assertThat(ledger.onlyStatus()).isEqualTo("PENDING");
        }

        @Test
        void afterTheHandOverLeavesTheEmailUncertainAndCounted() {
            ledger.deliveries.handOver(claim, row(id), CONTENT);
            assertThat(ledger.deliveries.recover()).isZero();
            double before = uncertain();
            sql("UPDATE notification SET lease_until = now()");
            assertThat(ledger.deliveries.recover()).isEqualTo(1);

            assertThat(ledger.onlyStatus()).isEqualTo("UNCERTAIN");
            assertThat(uncertain() - before).isEqualTo(1);
            assertThat(ledger.deliveries.claim(UUID.randomUUID(), 1, LEASE)).isEmpty();
            assertThat(ledger.deliveries.content(id)).contains(CONTENT);
        }

        @Test
        void orWasOnlySlowCanStillTellTheAnswer() {
            ledger.deliveries.handOver(claim, row(id), CONTENT);
            sql("UPDATE notification SET lease_until = now()");
            ledger.deliveries.recover();
            ledger.deliveries.sent(claim, id);
            assertThat(ledger.onlyStatus()).isEqualTo("SENT");
        }

        @Test
        void isNotAssumedWhileItsLeasesAreRenewed() {
            sql("UPDATE notification SET lease_until = now()");
            ledger.deliveries.renew(Set.of(claim), LEASE);
            assertThat(ledger.deliveries.recover()).isZero();
            assertThat(ledger.onlyStatus()).isEqualTo("SENDING");
        }

        private double uncertain() {
            return ledger.meters
                    .counter("eventshop.notifications.outcome", "status", "uncertain")
                    .count();
        }
    }

    @Nested
    class Answers {

        private final UUID claim = UUID.randomUUID();
        private long id;

        @BeforeEach
        void handOver() {
            register(7);
            in(() -> ledger.notifications.record(welcome(7)));
            id = ledger.deliveries.claim(claim, 1, LEASE).get(0).id();
            ledger.deliveries.handOver(claim, row(id), CONTENT);
        }

        @Test
        void sentIsSentForGood() {
            ledger.deliveries.sent(claim, id);
            assertThat(ledger.deliveries.retry(id)).isFalse();
            assertThat(ledger.onlyStatus()).isEqualTo("SENT");
        }

        @Test
        void deferredFailsOnceItsTimeIsOver() {
            sql("UPDATE notification SET give_up_at = now() + interval '1 minute'");
            ledger.deliveries.retryLater(claim, row(id), Failure.of("451 later"), Duration.ofMinutes(2));
            assertThat(ledger.onlyStatus()).isEqualTo("FAILED");
            assertThat(ledger.jdbc
                            .sql("SELECT error FROM notification")
                            .query(String.class)
                            .single())
                    .isEqualTo("451 later");
        }

        @Test
        void deferredHasTheTimeThatItWasDueAndNotTriedInAddition() {
            sql(
                    "UPDATE notification SET due_at = now() - interval '5 hours', give_up_at = now() - interval '1 minute'");
            ledger.deliveries.retryLater(claim, row(id), Failure.of("451 later"), Duration.ZERO);
            assertThat(ledger.onlyStatus()).isEqualTo("PENDING");
            assertThat(ledger.jdbc
                            .sql(
                                    "SELECT give_up_at - now() BETWEEN interval '4 hours' AND interval '5 hours' FROM notification")
                            .query(Boolean.class)
                            .single())
                    .isTrue();

            UUID again = UUID.randomUUID();
            ledger.deliveries.claim(again, 1, LEASE);
            ledger.deliveries.handOver(again, row(id), CONTENT);
            ledger.deliveries.retryLater(again, row(id), Failure.of("451 later"), Duration.ofHours(6));
            assertThat(ledger.onlyStatus()).isEqualTo("FAILED");
        }

        @Test
        void failedCanBeTriedAgain() {
            ledger.deliveries.failed(claim, row(id), Failure.of("550 no"));
            assertThat(ledger.deliveries.retry(id)).isTrue();
            assertThat(ledger.deliveries.claim(UUID.randomUUID(), 1, LEASE)).hasSize(1);
            assertThat(ledger.deliveries.retry(id)).isFalse();
        }

        @Test
        void uncertainCanBeTriedAgainAndALateAnswerCountsNoMore() {
            ledger.deliveries.uncertain(claim, row(id), Failure.of("no answer"));
            assertThat(ledger.deliveries.retry(id)).isTrue();
            ledger.deliveries.sent(claim, id);
            assertThat(ledger.onlyStatus()).isEqualTo("PENDING");
        }

        @Test
        void areKeptWithWhatWasSaidForThePersonsKeyOnly() {
            Notification failed = row(id);
            ledger.deliveries.failed(claim, failed, new Failure("refused (550)", "550 user7@example.org unknown"));
            assertThat(ledger.jdbc
                            .sql("SELECT error FROM notification")
                            .query(String.class)
                            .single())
                    .isEqualTo("refused (550)");
            assertThat(Person.MAIL_FAILURE.open(failed.key(), said())).isEqualTo("550 user7@example.org unknown");
        }

        @Test
        void areKeptWithWhatWasSaidOnEachTry() {
            Notification deferred = row(id);
            ledger.deliveries.retryLater(
                    claim, deferred, new Failure("deferred (450)", "450 user7@example.org"), Duration.ZERO);
            assertThat(Person.MAIL_FAILURE.open(deferred.key(), said())).isEqualTo("450 user7@example.org");
            UUID again = UUID.randomUUID();
            ledger.deliveries.claim(again, 1, LEASE);
            ledger.deliveries.handOver(again, row(id), CONTENT);
            ledger.deliveries.retryLater(again, row(id), Failure.of("no connection"), Duration.ZERO);
            assertThat(said()).isNull();
        }

        @Test
        void areBoundedInLength() {
            Notification failed = row(id);
            ledger.deliveries.failed(claim, failed, new Failure("refused", "x".repeat(100_000) + "\0"));
            assertThat(Person.MAIL_FAILURE.open(failed.key(), said())).hasSize(1000);
        }

        private byte[] said() {
            return ledger.jdbc
                    .sql("SELECT error_said FROM notification")
                    .query((row, number) -> row.getBytes(1))
                    .list()
                    .get(0);
        }
    }

    @Nested
    class Erasure {

        @Test
        void suppressesWhatIsNotSentAndEmptiesWhatIs() {
            register(7);
            register(8);
            in(() -> ledger.notifications.record(welcome(7)));
            in(() -> ledger.notifications.record(welcome(8)));
            UUID claim = UUID.randomUUID();
            for (Notification row : ledger.deliveries.claim(claim, 2, LEASE)) {
                ledger.deliveries.handOver(claim, row, CONTENT);
                ledger.deliveries.sent(claim, row.id());
            }
            in(() -> ledger.notifications.record(confirmation(1, 7)));
            in(() -> {
                directory.erase(7);
                ledger.notifications.erase(7);
            });

            assertThat(ledger.jdbc.sql("""
                                    SELECT n.kind || ' ' || n.user_id || ' ' || n.status || ' ' || (n.recipient IS NOT NULL)
                                           || ' ' || (c.subject IS NOT NULL)
                                    FROM notification n LEFT JOIN notification_content c USING (notification_id)
                                    ORDER BY n.notification_id""").query(String.class).list())
                    .containsExactly(
                            "WELCOME 7 SENT false false",
                            "WELCOME 8 SENT true true",
                            "ORDER_CONFIRMATION 7 SUPPRESSED false false");
            long ofEight = ledger.jdbc
                    .sql("SELECT notification_id FROM notification WHERE user_id = 8")
                    .query(Long.class)
                    .single();
            assertThat(ledger.deliveries.find(ofEight).orElseThrow().recipient())
                    .isEqualTo("user8@example.org");
            assertThat(ledger.deliveries.content(ofEight)).contains(CONTENT);
        }

        @Test
        void isFinalAlsoWhenTheRegistrationArrivesLater() {
            in(() -> directory.erase(7));
            register(7);
            in(() -> ledger.notifications.record(welcome(7)));
            assertThat(ledger.onlyStatus()).isEqualTo("SUPPRESSED");
        }

        /** The list of erasures did it after a backup was restored, and the event has not come yet. */
        @Test
        void suppressesWhatIsDueWhenOnlyTheKeyIsGone() {
            register(7);
            register(8);
            in(() -> ledger.notifications.record(welcome(7)));
            in(() -> ledger.notifications.record(welcome(8)));
            ledger.keys.destroy("user-7");

            List<Notification> claimed = ledger.deliveries.claim(UUID.randomUUID(), 10, LEASE);

            assertThat(claimed).singleElement().extracting(Notification::userId).isEqualTo(8);
            assertThat(ledger.jdbc
                            .sql("SELECT status || (recipient IS NULL) FROM notification WHERE user_id = 7")
                            .query(String.class)
                            .single())
                    .isEqualTo("SUPPRESSEDtrue");
        }

        @Test
        void keepsAnEmailFromBeingHandedOverThatWasClaimedBefore() {
            register(7);
            in(() -> ledger.notifications.record(welcome(7)));
            UUID claim = UUID.randomUUID();
            Notification claimed = ledger.deliveries.claim(claim, 1, LEASE).get(0);
            in(() -> {
                directory.erase(7);
                ledger.notifications.erase(7);
            });

            assertThat(ledger.deliveries.handOver(claim, claimed, CONTENT)).isFalse();
            assertThat(ledger.onlyStatus()).isEqualTo("SUPPRESSED");
            assertThat(ledger.deliveries.content(claimed.id())).isEmpty();
        }

        @Test
        void letsNobodyBeWrittenToByARetry() {
            register(7);
            in(() -> ledger.notifications.record(welcome(7)));
            UUID claim = UUID.randomUUID();
            long id = ledger.deliveries.claim(claim, 1, LEASE).get(0).id();
            ledger.deliveries.failed(claim, row(id), Failure.of("550 user7@example.org unknown"));
            in(() -> {
                directory.erase(7);
                ledger.notifications.erase(7);
            });
            assertThat(ledger.deliveries.retry(id)).isTrue();
            ledger.recheck();
            assertThat(ledger.onlyStatus()).isEqualTo("SUPPRESSED");
        }
    }

    @Nested
    class Cost {

        @Test
        void isTwoStatementsForABatchAndTwoForAnEmail() {
            for (int user = 1; user <= 5; user++) {
                int id = user;
                register(id);
                in(() -> ledger.notifications.record(welcome(id)));
            }
            UUID claim = UUID.randomUUID();
            long before = ledger.statements();
            List<Notification> claimed = ledger.deliveries.claim(claim, 10, LEASE);
            assertThat(ledger.statements() - before).isEqualTo(2);
            for (Notification row : claimed) {
                assertThat(ledger.deliveries.handOver(claim, row, CONTENT)).isTrue();
                ledger.deliveries.sent(claim, row.id());
            }
            assertThat(ledger.statements() - before).isEqualTo(2 + 5 * 2);
        }
    }

    /** The email is with the mail server, or on its way there, when the person is erased. */
    @Nested
    class AnErasureWhileTheEmailIsSent {

        private final UUID claim = UUID.randomUUID();
        private Notification claimed;

        @BeforeEach
        void claim() {
            register(7);
            in(() -> ledger.notifications.record(welcome(7)));
            claimed = ledger.deliveries.claim(claim, 1, LEASE).get(0);
        }

        private void handOver() {
            assertThat(ledger.deliveries.handOver(claim, claimed, CONTENT)).isTrue();
        }

        private void erase() {
            in(() -> {
                directory.erase(7);
                ledger.notifications.erase(7);
            });
        }

        private void isWithoutThePerson(String status) {
            assertThat(ledger.onlyStatus()).isEqualTo(status);
            assertThat(ledger.jdbc
                            .sql("SELECT num_nonnulls(recipient, full_name, error, error_said) FROM notification")
                            .query(Integer.class)
                            .single())
                    .isZero();
            assertThat(ledger.jdbc
                            .sql("SELECT count(*) FROM notification_content")
                            .query(Integer.class)
                            .single())
                    .isZero();
        }

        @Test
        void takesAllOfThePersonAtOnce() {
            handOver();
            erase();
            isWithoutThePerson("SENDING");
        }

        @Test
        void suppressesWhatWasNotHandedOver() {
            erase();
            isWithoutThePerson("SUPPRESSED");
            assertThat(ledger.deliveries.handOver(claim, claimed, CONTENT)).isFalse();
            ledger.deliveries.giveBack(claim);
            isWithoutThePerson("SUPPRESSED");
        }

        @Test
        void leavesNothingWhenItIsSent() {
            handOver();
            erase();
            ledger.deliveries.sent(claim, claimed.id());
            isWithoutThePerson("SENT");
        }

        @Test
        void leavesNothingWhenItIsRefused() {
            handOver();
            erase();
            ledger.deliveries.failed(claim, claimed, new Failure("550 no", "550 no, Ann"));
            isWithoutThePerson("FAILED");
        }

        @Test
        void leavesNothingWhenItIsUncertain() {
            handOver();
            erase();
            ledger.deliveries.uncertain(claim, claimed, new Failure("no answer", "no answer, Ann"));
            isWithoutThePerson("UNCERTAIN");
            ledger.deliveries.sent(claim, claimed.id());
            isWithoutThePerson("SENT");
        }

        @Test
        void suppressesItWhenItIsDeferred() {
            handOver();
            erase();
            ledger.deliveries.retryLater(claim, claimed, new Failure("451 later", "451 later, Ann"), Duration.ZERO);
            isWithoutThePerson("SUPPRESSED");
        }

        @Test
        void suppressesItWhenItIsDeferredLate() {
            handOver();
            ledger.deliveries.uncertain(claim, claimed, new Failure("no answer", "no answer, Ann"));
            erase();
            isWithoutThePerson("UNCERTAIN");
            ledger.deliveries.retryLater(claim, claimed, new Failure("451 later", "451 later, Ann"), Duration.ZERO);
            isWithoutThePerson("SUPPRESSED");
        }

        @Test
        void leavesNothingWhenTheProcessHasDied() {
            handOver();
            erase();
            sql("UPDATE notification SET lease_until = now()");
            ledger.deliveries.recover();
            assertThat(ledger.onlyStatus()).isEqualTo("UNCERTAIN");
            assertThat(ledger.deliveries.retry(claimed.id())).isTrue();
            ledger.recheck();
            isWithoutThePerson("SUPPRESSED");
        }

        @Test
        void takesTheWordsOfAnEarlierAttemptWhenOnlyTheKeyIsGone() {
            handOver();
            ledger.deliveries.retryLater(claim, claimed, new Failure("451 later", "451 later, Ann"), Duration.ZERO);
            ledger.keys.destroy("user-7");
            assertThat(ledger.deliveries.claim(UUID.randomUUID(), 1, LEASE)).isEmpty();
            isWithoutThePerson("SUPPRESSED");
        }

        /** The ledger waits for the row, and then sees the words that came with it. */
        @Test
        void takesTheWordsThatAreHandedOverMeanwhile() throws Exception {
            ExecutorService other = Executors.newSingleThreadExecutor();
            try {
                Future<?>[] erasure = new Future<?>[1];
                in(() -> {
                    handOver();
                    erasure[0] = other.submit(() -> in(() -> ledger.notifications.erase(7)));
                    awaitWaiting();
                });
                erasure[0].get(10, TimeUnit.SECONDS);
            } finally {
                other.shutdownNow();
            }
            isWithoutThePerson("SENDING");
        }

        /** Whoever has the first row gets the others, and nobody is sent away for a deadlock. */
        @Test
        void takesTheRowsInTheOrderOfTheirNumbers() throws Exception {
            in(() -> ledger.notifications.record(confirmation(1, 7)));
            sql("UPDATE notification SET due_at = now() WHERE notification_id = "
                    + claimed.id()); // now behind the other
            ExecutorService other = Executors.newSingleThreadExecutor();
            try {
                Future<?>[] erasure = new Future<?>[1];
                in(() -> {
                    lock("kind = 'WELCOME'");
                    erasure[0] = other.submit(() -> in(() -> {
                        sql("SET LOCAL enable_indexscan = off"); // whatever order the rows are found in
                        ledger.notifications.erase(7);
                    }));
                    awaitWaiting();
                    lock("kind = 'ORDER_CONFIRMATION'");
                });
                erasure[0].get(10, TimeUnit.SECONDS);
            } finally {
                other.shutdownNow();
            }
            assertThat(ledger.jdbc
                            .sql("SELECT DISTINCT status FROM notification")
                            .query(String.class)
                            .list())
                    .containsExactly("SUPPRESSED");
        }

        private void lock(String which) {
            ledger.jdbc
                    .sql("SELECT notification_id FROM notification WHERE " + which + " FOR UPDATE")
                    .query(Long.class)
                    .list();
        }

        /** Who has looked for the key before it was destroyed must not go on after it was. */
        @Test
        void letsNoEmailOutThatWasAboutToBeHandedOver() throws Exception {
            ExecutorService other = Executors.newSingleThreadExecutor();
            try {
                List<Future<Boolean>> handOver = new ArrayList<>();
                in(() -> {
                    ledger.keys.destroy("user-7");
                    handOver.add(other.submit(() -> ledger.deliveries.handOver(claim, claimed, CONTENT)));
                    awaitWaiting();
                });
                assertThat(handOver.get(0).get(10, TimeUnit.SECONDS)).isFalse();
            } finally {
                other.shutdownNow();
            }
            isWithoutThePerson("SUPPRESSED");
        }

        /** The other way round, the email is on its way when the erasure commits. */
        @Test
        void waitsForAnEmailThatIsBeingHandedOver() throws Exception {
            ExecutorService other = Executors.newSingleThreadExecutor();
            try {
                Future<?>[] erasure = new Future<?>[1];
                in(() -> {
                    handOver();
                    erasure[0] = other.submit(this::erase);
                    awaitWaiting();
                });
                erasure[0].get(10, TimeUnit.SECONDS);
            } finally {
                other.shutdownNow();
            }
            isWithoutThePerson("SENDING");
        }

        private void awaitWaiting() {
            Awaitility.await()
                    .until(() -> ledger.jdbc
                            .sql("SELECT count(*) > 0 FROM pg_stat_activity WHERE datname = current_database() "
                                    + "AND wait_event_type = 'Lock'")
                            .query(Boolean.class)
                            .single());
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            assertThat(latch.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    @Nested
    class Retention {

        private final LedgerCleanUp cleanUp =
                new LedgerCleanUp(ledger.jdbc, new LedgerProperties(Duration.ofDays(365), Duration.ofMillis(50)));

        private void record(int order, String status, int days) {
            in(() -> ledger.notifications.record(shipped(order)));
            ledger.jdbc
                    .sql("UPDATE notification SET status = :status, created_at = now() - make_interval(days => :days),"
                            + " recipient = '\\x00' WHERE order_id = :order")
                    .param("status", status)
                    .param("days", days)
                    .param("order", order)
                    .update();
            sql(
                    "INSERT INTO notification_content (notification_id, subject, html, text) SELECT notification_id, '\\x00',"
                            + " '\\x00', '\\x00' FROM notification WHERE order_id = " + order);
        }

        private List<Integer> orders() {
            return ledger.jdbc
                    .sql(
                            "SELECT order_id FROM notification JOIN notification_content USING (notification_id) ORDER BY 1")
                    .query(Integer.class)
                    .list();
        }

        @Test
        void endsForWhatWillNotChangeAnyMore() {
            List<String> statuses =
                    List.of("PENDING", "WAITING_FOR_RECIPIENT", "SENT", "UNCERTAIN", "FAILED", "SUPPRESSED");
            for (int i = 0; i < statuses.size(); i++) {
                record(i, statuses.get(i), 366);
            }
            record(10, "SENT", 364);

            assertThat(cleanUp.removeOld(3)).isEqualTo(3);
            assertThat(cleanUp.removeOld(3)).isEqualTo(1);
            assertThat(cleanUp.removeOld(3)).isZero();

            assertThat(orders()).containsExactly(0, 1, 10);
        }

        @Test
        void isLookedAfterWithoutBeingAsked() {
            record(1, "SENT", 366);
            cleanUp.start();
            try {
                Awaitility.await().until(() -> orders().isEmpty());
                assertThat(cleanUp.isRunning()).isTrue();
            } finally {
                cleanUp.stop();
            }
            assertThat(cleanUp.isRunning()).isFalse();
        }

        @Test
        void isLongerThanTheInboxs() {
            LedgerProperties properties = new LedgerProperties(Duration.ofDays(30), Duration.ofHours(1));

            assertThat(properties.longerThan(Duration.ofDays(29))).isEqualTo(properties);
            assertThatThrownBy(() -> properties.longerThan(Duration.ofDays(30)))
                    .isInstanceOf(IllegalArgumentException.class)
                    .hasMessageContaining("eventshop.messaging.inbox-retention");
        }
    }
}
