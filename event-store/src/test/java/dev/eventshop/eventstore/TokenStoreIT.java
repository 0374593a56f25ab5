package dev.eventshop.eventstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.axonframework.eventhandling.MergedTrackingToken;
import org.axonframework.eventhandling.Segment;
import org.axonframework.eventhandling.tokenstore.UnableToClaimTokenException;
import org.axonframework.eventhandling.tokenstore.UnableToInitializeTokenException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.springframework.jdbc.core.JdbcTemplate;

class TokenStoreIT {

    private static final String PROCESSOR = "order-summary";
    private static final Position POSITION = new Position(1, 7431, 99);
    private static final Position NEXT = new Position(1, 7432, 101);

    private static TestStore store;

    private PostgresTokenStore node;
    private PostgresTokenStore otherNode;

    @BeforeAll
    static void start() {
        store = TestStore.create();
    }

    @AfterAll
    static void stop() {
        store.close();
    }

    @BeforeEach
    void twoNodes() {
        store.admin().execute("truncate command_side.tracking_token");
        node = new PostgresTokenStore(store.pool, Duration.ofSeconds(30));
        otherNode = new PostgresTokenStore(store.pool, Duration.ofSeconds(30));
    }

    /** As if the claim had been made that long ago, by the database's clock. */
    private static void age(Duration age) {
        store.admin()
                .update(
                        "update command_side.tracking_token set claimed_at = claimed_at - cast(? as interval)",
                        age.toMillis() + " milliseconds");
    }

    private static void inTransaction(Runnable work) {
        store.transactions.executeWithoutResult(status -> work.run());
    }

    @Nested
    class Segments {

        @Test
        void areInitializedWithAToken() {
            inTransaction(() -> node.initializeTokenSegments(PROCESSOR, 4, POSITION));

            assertThat(node.fetchSegments(PROCESSOR)).containsExactly(0, 1, 2, 3);
            assertThat(node.fetchToken(PROCESSOR, 3)).isEqualTo(POSITION);
            assertThat(node.fetchSegments("another")).isEmpty();
        }

        @Test
        void areInitializedWithoutAToken() {
            inTransaction(() -> node.initializeTokenSegments(PROCESSOR, 1));

            assertThat(node.fetchToken(PROCESSOR, 0)).isNull();
        }

        @Test
        void areInitializedOnce() {
            inTransaction(() -> node.initializeTokenSegments(PROCESSOR, 2, POSITION));

            assertThatThrownBy(() -> inTransaction(() -> otherNode.initializeTokenSegments(PROCESSOR, 4, null)))
                    .isInstanceOf(UnableToClaimTokenException.class);
            assertThat(node.fetchSegments(PROCESSOR)).containsExactly(0, 1);
        }

        @Test
        void areInitializedOnceByManyNodes() throws Exception {
            int nodes = 8;
            CyclicBarrier start = new CyclicBarrier(nodes);
            ExecutorService executor = Executors.newFixedThreadPool(nodes);
            try {
                List<Future<Integer>> results = new ArrayList<>();
                for (int i = 1; i <= nodes; i++) {
                    int segments = i;
                    results.add(executor.submit(() -> {
                        start.await();
                        try {
                            inTransaction(() -> node.initializeTokenSegments(PROCESSOR, segments, POSITION));
                            return segments;
                        } catch (UnableToClaimTokenException e) {
                            return 0;
                        }
                    }));
                }
                int winner = 0;
                for (Future<Integer> result : results) {
                    int segments = result.get(10, TimeUnit.SECONDS);
                    assertThat(winner == 0 || segments == 0).isTrue();
                    winner += segments;
                }
                assertThat(node.fetchSegments(PROCESSOR)).hasSize(winner);
            } finally {
                executor.shutdownNow();
            }
        }

        @Test
        void areNotMadeByTheWay() {
            assertThat(node.requiresExplicitSegmentInitialization()).isTrue();
            assertThatThrownBy(() -> node.fetchToken(PROCESSOR, 0)).isInstanceOf(UnableToClaimTokenException.class);
            assertThatThrownBy(() -> node.storeToken(POSITION, PROCESSOR, 0))
                    .isInstanceOf(UnableToClaimTokenException.class);
            node.initializeSegment(POSITION, PROCESSOR, 0);
            assertThatThrownBy(() -> node.initializeSegment(NEXT, PROCESSOR, 0))
                    .isInstanceOf(UnableToInitializeTokenException.class);
            assertThat(node.fetchToken(PROCESSOR, 0)).isEqualTo(POSITION);
        }

        @Test
        void areAvailableUnlessOthersHaveThem() {
            inTransaction(() -> node.initializeTokenSegments(PROCESSOR, 3, POSITION));
            node.fetchToken(PROCESSOR, 1);

            assertThat(otherNode.fetchAvailableSegments(PROCESSOR))
                    .extracting(Segment::getSegmentId)
                    .containsExactly(0, 2);
            assertThat(node.fetchAvailableSegments(PROCESSOR))
                    .containsExactly(Segment.computeSegments(0, 1, 2))
                    .extracting(Segment::getMask)
                    .containsExactly(3, 1, 3);
            age(Duration.ofSeconds(31));
            assertThat(otherNode.fetchAvailableSegments(PROCESSOR)).hasSize(3);
        }

        @Test
        void areNotClaimedAfterTheyWereSplitOrMerged() {
            inTransaction(() -> node.initializeTokenSegments(PROCESSOR, 2, POSITION));
            Segment half = Segment.computeSegment(0, 0, 1);
            assertThat(node.fetchToken(PROCESSOR, half)).isEqualTo(POSITION);
            node.releaseClaim(PROCESSOR, 0);
            node.initializeSegment(POSITION, PROCESSOR, 2);

            assertThatThrownBy(() -> otherNode.fetchToken(PROCESSOR, half))
                    .isInstanceOf(UnableToClaimTokenException.class);
            assertThat(node.fetchToken(PROCESSOR, Segment.computeSegment(0, 0, 1, 2)))
                    .isEqualTo(POSITION);
        }

        @Test
        void areDeletedByTheirOwnerOnly() {
            inTransaction(() -> node.initializeTokenSegments(PROCESSOR, 1, POSITION));
            assertThatThrownBy(() -> node.deleteToken(PROCESSOR, 0)).isInstanceOf(UnableToClaimTokenException.class);
            node.fetchToken(PROCESSOR, 0);
            assertThatThrownBy(() -> otherNode.deleteToken(PROCESSOR, 0))
                    .isInstanceOf(UnableToClaimTokenException.class);

            node.deleteToken(PROCESSOR, 0);

            assertThat(node.fetchSegments(PROCESSOR)).isEmpty();
        }
    }

    @Nested
    class AClaim {

        @BeforeEach
        void initialize() {
            inTransaction(() -> node.initializeTokenSegments(PROCESSOR, 1, POSITION));
        }

        @Test
        void keepsOthersOut() {
            node.fetchToken(PROCESSOR, 0);

            assertThatThrownBy(() -> otherNode.fetchToken(PROCESSOR, 0))
                    .isInstanceOf(UnableToClaimTokenException.class)
                    .hasMessageContaining(node.nodeId());
            assertThatThrownBy(() -> otherNode.storeToken(NEXT, PROCESSOR, 0))
                    .isInstanceOf(UnableToClaimTokenException.class);
            assertThatThrownBy(() -> otherNode.extendClaim(PROCESSOR, 0))
                    .isInstanceOf(UnableToClaimTokenException.class);
            otherNode.releaseClaim(PROCESSOR, 0);
            node.storeToken(NEXT, PROCESSOR, 0);
            assertThat(node.fetchToken(PROCESSOR, 0)).isEqualTo(NEXT);
        }

        @Test
        void isGivenBack() {
            node.fetchToken(PROCESSOR, 0);
            node.storeToken(NEXT, PROCESSOR, 0);
            node.releaseClaim(PROCESSOR, 0);

            assertThat(otherNode.fetchToken(PROCESSOR, 0)).isEqualTo(NEXT);
            assertThatThrownBy(() -> node.storeToken(POSITION, PROCESSOR, 0))
                    .isInstanceOf(UnableToClaimTokenException.class);
        }

        @Test
        void expiresByTheDatabasesClock() {
            node.fetchToken(PROCESSOR, 0);
            age(Duration.ofSeconds(29));
            assertThatThrownBy(() -> otherNode.fetchToken(PROCESSOR, 0))
                    .isInstanceOf(UnableToClaimTokenException.class);

            age(Duration.ofSeconds(2));

            assertThat(otherNode.fetchToken(PROCESSOR, 0)).isEqualTo(POSITION);
        }

        @Test
        void isExtended() {
            node.fetchToken(PROCESSOR, 0);
            age(Duration.ofSeconds(29));
            node.extendClaim(PROCESSOR, 0);
            age(Duration.ofSeconds(29));
            node.storeToken(NEXT, PROCESSOR, 0);
            age(Duration.ofSeconds(29));

            assertThatThrownBy(() -> otherNode.fetchToken(PROCESSOR, 0))
                    .isInstanceOf(UnableToClaimTokenException.class);
        }

        @Test
        void isStillGoodWhenItHasExpiredAndNobodyWantedIt() {
            node.fetchToken(PROCESSOR, 0);
            age(Duration.ofHours(1));

            node.storeToken(NEXT, PROCESSOR, 0);

            assertThat(node.fetchToken(PROCESSOR, 0)).isEqualTo(NEXT);
        }

        @Test
        void takesTheReadModelWithItWhenItIsLost() {
            store.admin().execute("create table if not exists command_side.view (name text)");
            store.admin().execute("grant all on command_side.view to command_side");
            node.fetchToken(PROCESSOR, 0);
            age(Duration.ofSeconds(31));
            otherNode.fetchToken(PROCESSOR, 0);
            otherNode.storeToken(NEXT, PROCESSOR, 0);

            assertThatThrownBy(() -> inTransaction(() -> {
                        new JdbcTemplate(store.pool).update("insert into view values ('late')");
                        node.storeToken(POSITION, PROCESSOR, 0);
                    }))
                    .isInstanceOf(UnableToClaimTokenException.class);

            assertThat(store.admin().queryForObject("select count(*) from command_side.view", Long.class))
                    .isZero();
            assertThat(otherNode.fetchToken(PROCESSOR, 0)).isEqualTo(NEXT);
        }

        @Test
        void isNotTakenOverWhileItsOwnerStores() throws Exception {
            node.fetchToken(PROCESSOR, 0);
            age(Duration.ofSeconds(31));
            ExecutorService executor = Executors.newSingleThreadExecutor();
            try {
                Future<?> contender = store.transactions.execute(status -> {
                    node.storeToken(NEXT, PROCESSOR, 0); // and holds the row until the commit
                    Future<?> waiting = executor.submit(() -> otherNode.fetchToken(PROCESSOR, 0));
                    awaitLockWait();
                    return waiting;
                });

                assertThatThrownBy(() -> contender.get(10, TimeUnit.SECONDS))
                        .hasCauseInstanceOf(UnableToClaimTokenException.class);
                assertThat(node.fetchToken(PROCESSOR, 0)).isEqualTo(NEXT);
            } finally {
                executor.shutdownNow();
            }
        }

        @Test
        void isTakenOverByOneOfMany() throws Exception {
            node.fetchToken(PROCESSOR, 0);
            age(Duration.ofSeconds(31));
            int nodes = 10;
            CyclicBarrier start = new CyclicBarrier(nodes);
            ExecutorService executor = Executors.newFixedThreadPool(nodes);
            try {
                List<Future<Boolean>> results = Stream.generate(
                                () -> new PostgresTokenStore(store.pool, Duration.ofSeconds(30)))
                        .limit(nodes)
                        .map(contender -> executor.submit(() -> {
                            start.await();
                            try {
                                contender.fetchToken(PROCESSOR, 0);
                                return true;
                            } catch (UnableToClaimTokenException e) {
                                return false;
                            }
                        }))
                        .toList();
                int winners = 0;
                for (Future<Boolean> result : results) {
                    winners += result.get(10, TimeUnit.SECONDS) ? 1 : 0;
                }
                assertThat(winners).isOne();
            } finally {
                executor.shutdownNow();
            }
        }

        private void awaitLockWait() {
            await().until(() -> store.admin()
                            .queryForObject(
                                    "select count(*) from pg_stat_activity where wait_event_type = 'Lock'"
                                            + " and datname = current_database()",
                                    Long.class)
                    > 0);
        }
    }

    @Nested
    class WhatIsStored {

        @Test
        void isKindAndNumbers() {
            inTransaction(() -> node.initializeTokenSegments(PROCESSOR, 1, POSITION));
            node.fetchToken(PROCESSOR, 0);
            assertThat(stored()).isEqualTo("1-7431-99");
            node.storeToken(MergedTrackingToken.merged(POSITION, NEXT), PROCESSOR, 0);
            assertThat(stored()).isEqualTo("merged(1-7431-99,1-7432-101)");
            assertThat(node.fetchToken(PROCESSOR, 0)).isEqualTo(new MergedTrackingToken(POSITION, NEXT));
        }

        @Test
        void isShownToOperators() {
            inTransaction(() -> node.initializeTokenSegments(PROCESSOR, 2, POSITION));
            node.fetchToken(PROCESSOR, 1);

            assertThat(otherNode.status(PROCESSOR))
                    .satisfiesExactly(
                            free -> {
                                assertThat(free.segment()).isZero();
                                assertThat(free.position()).isEqualTo(POSITION);
                                assertThat(free.owner()).isNull();
                                assertThat(free.claimed()).isFalse();
                                assertThat(free.claimedAt()).isNull();
                            },
                            claimed -> {
                                assertThat(claimed.segment()).isOne();
                                assertThat(claimed.owner()).isEqualTo(node.nodeId());
                                assertThat(claimed.claimed()).isTrue();
                                assertThat(claimed.claimedAt()).isNotNull();
                            });
        }

        @Test
        void isToldApartFromOtherStores() {
            assertThat(node.retrieveStorageIdentifier())
                    .isEqualTo(otherNode.retrieveStorageIdentifier())
                    .hasValueSatisfying(id -> assertThat(id).endsWith("/command_side"));
            assertThat(node.nodeId()).isNotEqualTo(otherNode.nodeId());
        }

        private String stored() {
            return store.admin().queryForObject("select token from command_side.tracking_token", String.class);
        }
    }
}
