package dev.eventshop.notification.delivery;

import dev.eventshop.messaging.Backoff;
import dev.eventshop.messaging.LoggedTrace;
import dev.eventshop.notification.delivery.MailServerCircuit.Permit;
import dev.eventshop.notification.delivery.ledger.Deliveries;
import dev.eventshop.notification.delivery.ledger.Failure;
import dev.eventshop.notification.delivery.ledger.MailContent;
import dev.eventshop.notification.delivery.ledger.Notification;
import dev.eventshop.notification.delivery.ledger.SendLimit;
import dev.eventshop.notification.delivery.mail.Answer;
import dev.eventshop.notification.delivery.mail.MailServerUnreachable;
import dev.eventshop.notification.delivery.mail.Mailer;
import dev.eventshop.notification.delivery.mail.OutgoingMail;
import dev.eventshop.notification.delivery.template.MailTemplates;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One round: claims a few emails and delivers them one by one. For each, it is written down that it is handed over
 * before the mail server is talked to, and the answer right after. What stops in between is uncertain; nothing else is.
 * An email that the mail server was not there for is given back as it was.
 */
final class Courier {

    private static final Logger LOG = LoggerFactory.getLogger(Courier.class);
    private static final int TRIES_TO_WRITE_DOWN = 20;

    private final Deliveries deliveries;
    private final Mailer mailer;
    private final MailTemplates templates;
    private final MailServerCircuit circuit;
    private final SendLimit limit;
    private final DeliveryProperties properties;
    private final Backoff retries;
    private final Timer conversation;

    Courier(
            Deliveries deliveries,
            Mailer mailer,
            MailTemplates templates,
            MailServerCircuit circuit,
            SendLimit limit,
            DeliveryProperties properties,
            MeterRegistry meters) {
        this.deliveries = deliveries;
        this.mailer = mailer;
        this.templates = templates;
        this.circuit = circuit;
        this.limit = limit;
        this.properties = properties;
        this.retries = new Backoff(properties.firstRetry(), properties.longestRetry());
        this.conversation = meters.timer("eventshop.notifications.smtp");
    }

    /**
     * @param goOn asked before each email; what is left then is given back
     * @return how long to wait before the next round, zero when there may be more to do
     */
    Duration deliver(UUID claim, BooleanSupplier goOn) {
        Duration closed = limit.closedFor();
        if (!closed.isZero()) {
            return closed;
        }
        Optional<Permit> permit = circuit.permit();
        if (permit.isEmpty()) {
            return properties.pollInterval();
        }
        try (Permit first = permit.get();
                Mailer.Conversation mailServer = mailer.open()) {
            int most = first.isProbe() || limit.isSet() ? 1 : properties.batchSize();
            List<Notification> batch = deliveries.claim(claim, most, properties.lease());
            if (batch.isEmpty()) {
                if (first.isProbe() && connect(mailServer, first)) {
                    first.succeeded();
                }
                return properties.pollInterval();
            }
            try {
                return deliver(claim, batch, first, mailServer, goOn);
            } finally {
                deliveries.giveBack(claim);
            }
        }
    }

    private Duration deliver(
            UUID claim, List<Notification> batch, Permit first, Mailer.Conversation mailServer, BooleanSupplier goOn) {
        for (int i = 0; i < batch.size() && goOn.getAsBoolean(); i++) {
            Optional<Permit> next = i == 0 ? Optional.of(first) : circuit.permit();
            if (next.isEmpty()) {
                return properties.pollInterval();
            }
            try (Permit permit = next.get()) {
                if (!limit.take()) {
                    return limit.closedFor();
                }
                if (!connect(mailServer, permit)) {
                    return properties.pollInterval();
                }
                Notification notification = batch.get(i);
                LoggedTrace trace = LoggedTrace.of(notification.traceId());
                try (trace) {
                    deliver(claim, notification, mailServer, permit);
                }
            }
        }
        return Duration.ZERO;
    }

    private static boolean connect(Mailer.Conversation mailServer, Permit permit) {
        try {
            mailServer.connect();
            return true;
        } catch (MailServerUnreachable e) {
            permit.failed(Objects.requireNonNullElse(e.getMessage(), "unreachable"));
            return false;
        }
    }

    private void deliver(UUID claim, Notification notification, Mailer.Conversation mailServer, Permit permit) {
        MailContent content;
        try {
            content = templates.write(notification);
        } catch (RuntimeException e) {
            LOG.error("Notification {} can't be written", notification.id(), e);
            deliveries.failed(
                    claim, notification, Failure.of("The email can't be written from what the ledger holds."));
            return;
        }
        if (!deliveries.handOver(claim, notification, content)) {
            return; // somebody else has it now, or nobody is to get it
        }
        OutgoingMail mail = new OutgoingMail(
                notification.id(),
                notification.createdAt(),
                String.valueOf(notification.recipient()),
                MailTemplates.language(notification.locale()),
                content);
        long started = System.nanoTime();
        Answer answer = mailServer.send(mail);
        conversation.record(System.nanoTime() - started, TimeUnit.NANOSECONDS);
        answer.mailServerFailure().ifPresentOrElse(failure -> permit.failed(failure.summary()), permit::succeeded);
        insist(() -> writeDown(claim, notification, answer));
    }

    private void writeDown(UUID claim, Notification notification, Answer answer) {
        long id = notification.id();
        if (answer instanceof Answer.Accepted) {
            deliveries.sent(claim, id);
            LOG.info("Notification {} was accepted by the mail server", id);
        } else if (answer instanceof Answer.Deferred deferred) {
            deliveries.retryLater(claim, notification, deferred.failure(), retries.after(notification.attempts() + 1));
        } else if (answer instanceof Answer.Refused refused) {
            LOG.warn("Notification {} was refused: {}", id, refused.failure().summary());
            deliveries.failed(claim, notification, refused.failure());
        } else if (answer instanceof Answer.Unknown unknown) {
            LOG.warn("Notification {} is uncertain: {}", id, unknown.failure().summary());
            deliveries.uncertain(claim, notification, unknown.failure());
        }
    }

    /** The answer is known only here: a database that is away for a moment must not make it uncertain. */
    private static void insist(Runnable writeDown) {
        for (int tries = 1; ; tries++) {
            try {
                writeDown.run();
                return;
            } catch (RuntimeException e) {
                if (tries == TRIES_TO_WRITE_DOWN) {
                    throw e;
                }
                try {
                    TimeUnit.MILLISECONDS.sleep(50L * tries);
                } catch (InterruptedException interrupted) {
                    Thread.currentThread().interrupt();
                    throw e;
                }
            }
        }
    }
}
