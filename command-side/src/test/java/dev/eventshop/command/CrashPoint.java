package dev.eventshop.command;

import java.util.function.Predicate;

/** Where a process dies: right before or right after the commit of a transaction that does a certain thing. */
enum CrashPoint {
    BEFORE_THE_ORDER(Moment.BEFORE, did("OrderCreatedEvent")),
    AFTER_THE_ORDER(Moment.AFTER, did("OrderCreatedEvent")),
    BEFORE_A_RESERVATION(Moment.BEFORE, bySaga("StockReservedEvent")),
    AFTER_A_RESERVATION(Moment.AFTER, bySaga("StockReservedEvent")),
    BEFORE_THE_CONFIRMATION(Moment.BEFORE, bySaga("\"newStatus\":\"CONFIRMED\"")),
    AFTER_THE_CONFIRMATION(Moment.AFTER, bySaga("\"newStatus\":\"CONFIRMED\"")),
    BETWEEN_CANCELLATION_AND_RELEASE(Moment.AFTER, bySaga("OrderCancelledEvent")),
    AFTER_A_RELEASE(Moment.AFTER, bySaga("StockReleasedEvent")),
    AFTER_A_SHIPMENT(Moment.AFTER, bySaga("StockShippedEvent")),
    BEFORE_SAGA_AND_POSITION(Moment.BEFORE, did("insert into command_side.saga ")),
    BEFORE_A_STEP_IS_PARKED(Moment.BEFORE, bySaga("order-fulfilment-step")),
    AFTER_A_PARKED_STEP(Moment.AFTER, byScheduler("StockReservedEvent")),
    AFTER_A_DEADLINE(Moment.AFTER, byScheduler("OrderCancelledEvent"));

    private enum Moment {
        BEFORE,
        AFTER
    }

    private final Moment moment;
    private final Predicate<String> transaction;

    CrashPoint(Moment moment, Predicate<String> transaction) {
        this.moment = moment;
        this.transaction = transaction;
    }

    boolean isBefore(String statements) {
        return moment == Moment.BEFORE && transaction.test(statements);
    }

    boolean isAfter(String statements) {
        return moment == Moment.AFTER && transaction.test(statements);
    }

    private static Predicate<String> did(String what) {
        return statements -> statements.contains(what);
    }

    private static Predicate<String> byScheduler(String what) {
        return did(what).and(statements -> onThreadOf("db-scheduler"));
    }

    private static Predicate<String> bySaga(String what) {
        return did(what).and(statements -> !onThreadOf("db-scheduler") && !onThreadOf("http") && !onThreadOf("tomcat"));
    }

    static boolean onThreadOf(String pool) {
        return Thread.currentThread().getName().startsWith(pool);
    }
}
