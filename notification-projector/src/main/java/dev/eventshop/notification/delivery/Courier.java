package dev.eventshop.notification.delivery;

import dev.eventshop.notification.delivery.ledger.Deliveries;
import dev.eventshop.notification.delivery.ledger.MailContent;
import dev.eventshop.notification.delivery.ledger.Notification;
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
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One round: claims a few emails and delivers them one by one. For each, it is written down that it is handed over
 * before the mail server is talked to, and the answer right after. What stops in between is uncertain; nothing else is.
 */
final class Courier {

    private static final Logger LOG = LoggerFactory.getLogger(Courier.class);
    private static final int TRIES_TO_WRITE_DOWN = 20;

    private final Deliveries deliveries;
    private final Mailer mailer;
    private final MailTemplates templates;
    private final MailServerGate gate;
    private final Backoff retries;
    private final Timer conversation;

    Courier(
            Deliveries deliveries,
            Mailer mailer,
            MailTemplates templates,
            MailServerGate gate,
            Backoff retries,
            MeterRegistry meters) {
        this.deliveries = deliveries;
        this.mailer = mailer;
        this.templates = templates;
        this.gate = gate;
        this.retries = retries;
        this.conversation = meters.timer("eventshop.notifications.smtp");
    }

    /**
     * @param goOn asked before each email; what is left then is given back
     * @return whether anything was due
     */
    boolean deliver(UUID claim, int limit, Duration lease, BooleanSupplier goOn) {
        List<Notification> batch = deliveries.claim(claim, limit, lease);
        if (batch.isEmpty()) {
            return false;
        }
        try (Mailer.Conversation mailServer = mailer.open()) {
            for (int i = 0; i < batch.size() && goOn.getAsBoolean(); i++) {
                Notification notification = batch.get(i);
                try {
                    mailServer.connect();
                } catch (MailServerUnreachable e) {
                    Duration pause = gate.close(Objects.requireNonNullElse(e.getMessage(), "unreachable"));
                    List<Long> left = batch.subList(i, batch.size()).stream()
                            .map(Notification::id)
                            .toList();
                    deliveries.retryLater(claim, left, String.valueOf(e.getMessage()), pause);
                    return true;
                }
                gate.open();
                deliver(claim, notification, mailServer);
            }
        } finally {
            deliveries.giveBack(claim);
        }
        return true;
    }

    private void deliver(UUID claim, Notification notification, Mailer.Conversation mailServer) {
        MailContent content;
        try {
            content = templates.write(notification);
        } catch (RuntimeException e) {
            LOG.error("Notification {} can't be written", notification.id(), e);
            deliveries.failed(claim, notification.id(), "The email can't be written from what the ledger holds.");
            return;
        }
        if (!deliveries.handOver(claim, notification.id(), content)) {
            return; // somebody else has it now
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
        insist(() -> writeDown(claim, notification, answer));
    }

    private void writeDown(UUID claim, Notification notification, Answer answer) {
        long id = notification.id();
        if (answer instanceof Answer.Accepted) {
            deliveries.sent(claim, id);
        } else if (answer instanceof Answer.Deferred deferred) {
            deliveries.retryLater(claim, List.of(id), deferred.cause(), retries.after(notification.attempts() + 1));
        } else if (answer instanceof Answer.Refused refused) {
            LOG.warn("Notification {} was refused: {}", id, refused.cause());
            deliveries.failed(claim, id, refused.cause());
        } else if (answer instanceof Answer.Unknown unknown) {
            LOG.warn("Notification {} is uncertain: {}", id, unknown.cause());
            deliveries.uncertain(claim, id, unknown.cause());
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
