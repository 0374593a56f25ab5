package dev.eventshop.faults;

import dev.eventshop.testing.ServiceProcess;
import java.util.Locale;

/** Where a service dies: right before or right after it does something in its database. */
enum CrashPoint {
    EVENT_BEFORE_INSERT(Service.COMMAND_SIDE, Moment.BEFORE_STATEMENT, "insert into event_store.domain_event"),
    EVENT_AFTER_INSERT(Service.COMMAND_SIDE, Moment.AFTER_STATEMENT, "insert into event_store.domain_event"),
    EVENT_BEFORE_COMMIT(Service.COMMAND_SIDE, Moment.BEFORE_COMMIT, "insert into event_store.domain_event"),
    EVENT_AFTER_COMMIT(Service.COMMAND_SIDE, Moment.AFTER_COMMIT, "insert into event_store.domain_event"),
    POSITION_AFTER_CONFIRM(
            Service.COMMAND_SIDE, Moment.BEFORE_STATEMENT, "update tracking_token set token", "forwarder"),
    POSITION_AFTER_WRITE(Service.COMMAND_SIDE, Moment.AFTER_STATEMENT, "update tracking_token set token", "forwarder"),
    PROJECTION_BEFORE_TOKEN(Service.QUERY_SIDE, Moment.BEFORE_STATEMENT, "update tracking_token set token"),
    PROJECTION_AFTER_TOKEN(Service.QUERY_SIDE, Moment.BEFORE_COMMIT, "update tracking_token set token"),
    PROJECTION_AFTER_COMMIT(Service.QUERY_SIDE, Moment.AFTER_COMMIT, "update tracking_token set token"),
    CONSUMER_BEFORE_COMMIT(Service.NOTIFICATION_PROJECTOR, Moment.BEFORE_COMMIT, "insert into message_inbox"),
    CONSUMER_AFTER_EFFECT(Service.NOTIFICATION_PROJECTOR, Moment.AFTER_COMMIT, "insert into message_inbox"),
    MAIL_AFTER_ACCEPT(Service.NOTIFICATION_PROJECTOR, Moment.BEFORE_STATEMENT, "set status = 'sent'"),
    MAIL_AFTER_RECORD(Service.NOTIFICATION_PROJECTOR, Moment.AFTER_STATEMENT, "set status = 'sent'");

    enum Service {
        COMMAND_SIDE,
        QUERY_SIDE,
        NOTIFICATION_PROJECTOR
    }

    enum Moment {
        BEFORE_STATEMENT,
        AFTER_STATEMENT,
        BEFORE_COMMIT,
        AFTER_COMMIT
    }

    private final Service service;
    private final Moment moment;
    private final String statement;
    private final String thread;

    CrashPoint(Service service, Moment moment, String statement) {
        this(service, moment, statement, "");
    }

    CrashPoint(Service service, Moment moment, String statement, String thread) {
        this.service = service;
        this.moment = moment;
        this.statement = statement;
        this.thread = thread;
    }

    Service service() {
        return service;
    }

    ServiceProcess serviceOf(Shop shop) {
        return switch (service) {
            case COMMAND_SIDE -> shop.commandSides.get(0);
            case QUERY_SIDE -> shop.querySides.get(0);
            case NOTIFICATION_PROJECTOR -> shop.notificationProjectors.get(0);
        };
    }

    /** @param statements what the connection has executed in its transaction so far, or executes now */
    boolean isReached(Moment now, String statements) {
        return now == moment
                && Thread.currentThread().getName().startsWith(thread)
                && statements.toLowerCase(Locale.ROOT).replaceAll("\\s+", " ").contains(statement);
    }
}
