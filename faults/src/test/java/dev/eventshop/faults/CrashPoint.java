package dev.eventshop.faults;

import dev.eventshop.testing.ServiceProcess;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/** Where a service dies: right before or right after it does something in its database. */
enum CrashPoint {
    EVENT_BEFORE_INSERT(shop -> shop.commandSides, Moment.BEFORE_STATEMENT, "insert into event_store.domain_event"),
    EVENT_AFTER_INSERT(shop -> shop.commandSides, Moment.AFTER_STATEMENT, "insert into event_store.domain_event"),
    EVENT_BEFORE_COMMIT(shop -> shop.commandSides, Moment.BEFORE_COMMIT, "insert into event_store.domain_event"),
    EVENT_AFTER_COMMIT(shop -> shop.commandSides, Moment.AFTER_COMMIT, "insert into event_store.domain_event"),
    POSITION_AFTER_CONFIRM(
            shop -> shop.commandSides, Moment.BEFORE_STATEMENT, "update tracking_token set token", "forwarder"),
    POSITION_AFTER_WRITE(
            shop -> shop.commandSides, Moment.AFTER_STATEMENT, "update tracking_token set token", "forwarder"),
    PROJECTION_BEFORE_TOKEN(shop -> shop.querySides, Moment.BEFORE_STATEMENT, "update tracking_token set token"),
    PROJECTION_AFTER_TOKEN(shop -> shop.querySides, Moment.BEFORE_COMMIT, "update tracking_token set token"),
    PROJECTION_AFTER_COMMIT(shop -> shop.querySides, Moment.AFTER_COMMIT, "update tracking_token set token"),
    CONSUMER_BEFORE_COMMIT(shop -> shop.notificationProjectors, Moment.BEFORE_COMMIT, "insert into message_inbox"),
    CONSUMER_AFTER_EFFECT(shop -> shop.notificationProjectors, Moment.AFTER_COMMIT, "insert into message_inbox"),
    MAIL_AFTER_ACCEPT(shop -> shop.notificationProjectors, Moment.BEFORE_STATEMENT, "set status = 'sent'"),
    MAIL_AFTER_RECORD(shop -> shop.notificationProjectors, Moment.AFTER_STATEMENT, "set status = 'sent'");

    enum Moment {
        BEFORE_STATEMENT,
        AFTER_STATEMENT,
        BEFORE_COMMIT,
        AFTER_COMMIT
    }

    private final Function<Shop, List<ServiceProcess>> service;
    private final Moment moment;
    private final String statement;
    private final String thread;

    CrashPoint(Function<Shop, List<ServiceProcess>> service, Moment moment, String statement) {
        this(service, moment, statement, "");
    }

    CrashPoint(Function<Shop, List<ServiceProcess>> service, Moment moment, String statement, String thread) {
        this.service = service;
        this.moment = moment;
        this.statement = statement;
        this.thread = thread;
    }

    ServiceProcess serviceOf(Shop shop) {
        return service.apply(shop).get(0);
    }

    /** @param statements what the connection has executed in its transaction so far, or executes now */
    boolean isReached(Moment now, String statements) {
        return now == moment
                && Thread.currentThread().getName().startsWith(thread)
                && statements.toLowerCase(Locale.ROOT).replaceAll("\\s+", " ").contains(statement);
    }
}
