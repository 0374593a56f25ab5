package dev.eventshop.access.audit;

import dev.eventshop.access.Caller;
import dev.eventshop.access.Callers;
import dev.eventshop.access.Role;
import dev.eventshop.access.audit.AuditEntry.Outcome;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.scheduling.concurrent.CustomizableThreadFactory;
import org.springframework.web.servlet.HandlerMapping;

/**
 * Writes down what requests do. An action is stored before it is done, so that none is without; its outcome, and what is
 * refused, are stored by a thread of their own, and are in the log at once: neither a slow database nor a flood holds up
 * or fails a request for that.
 */
final class AuditTrail implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(AuditTrail.class);
    private static final int SECONDS_TO_STOP = 5;

    private final AuditLog log;
    private final Refusals refusals;
    private final ObjectProvider<CallerNames> names;
    private final ThreadPoolExecutor writer;

    AuditTrail(AuditLog log, AuditProperties properties, ObjectProvider<CallerNames> names) {
        this.log = log;
        this.names = names;
        this.refusals = new Refusals(properties.refusalsPerMinute(), properties.trackedAddresses());
        this.writer = new ThreadPoolExecutor(
                1,
                1,
                0,
                TimeUnit.SECONDS,
                new LinkedBlockingQueue<>(properties.queueSize()),
                new CustomizableThreadFactory("audit-"));
    }

    /**
     * @return what is to be ended
     * @throws org.springframework.dao.DataAccessException when it can't be stored; then nothing must be done
     */
    AuditEntry begin(HttpServletRequest request, String target) {
        AuditEntry entry = entry(request, target, Outcome.BEGUN, null);
        log.store(entry);
        log.write(entry);
        return entry;
    }

    void end(AuditEntry begun, int status) {
        AuditEntry ended = begun.after(status);
        log.write(ended);
        storeLater(ended);
    }

    void refused(HttpServletRequest request, int status) {
        OptionalInt times = refusals.count(request.getRemoteAddr());
        if (times.isPresent()) {
            AuditEntry entry = entry(request, request.getRequestURI(), Outcome.REFUSED, status)
                    .repeated(times.getAsInt());
            log.write(entry);
            storeLater(entry);
        }
    }

    private void storeLater(AuditEntry entry) {
        try {
            writer.execute(() -> {
                try {
                    log.store(entry);
                } catch (RuntimeException e) {
                    LOG.warn("An entry of the audit could not be stored, and is in the log only: {}", e.toString());
                }
            });
        } catch (RejectedExecutionException full) {
            LOG.warn("An entry of the audit was not stored, since too many wait, and is in the log only.");
        }
    }

    private AuditEntry entry(HttpServletRequest request, String target, Outcome outcome, @Nullable Integer status) {
        Optional<Caller> caller = Callers.of(request);
        Object pattern = request.getAttribute(HandlerMapping.BEST_MATCHING_PATTERN_ATTRIBUTE);
        return new AuditEntry(
                caller.map(this::nameOf).orElse(null),
                caller.stream()
                        .flatMap(known -> known.roles().stream())
                        .map(Role::claim)
                        .sorted()
                        .collect(Collectors.joining(",")),
                request.getMethod() + " " + (pattern == null ? "?" : pattern),
                target,
                request.getRemoteAddr(),
                outcome,
                status,
                1);
    }

    private @Nullable String nameOf(Caller caller) {
        if (caller.isStaff()) {
            return caller.subject();
        }
        try {
            CallerNames pseudonyms = names.getIfAvailable();
            return pseudonyms == null ? null : pseudonyms.of(caller);
        } catch (RuntimeException unavailable) { // who is refused is refused all the same
            LOG.debug("no pseudonym at the moment", unavailable);
            return null;
        }
    }

    /** Stores what waits, for a few seconds. */
    @Override
    public void close() {
        writer.shutdown();
        try {
            if (!writer.awaitTermination(SECONDS_TO_STOP, TimeUnit.SECONDS)) {
                writer.shutdownNow();
            }
        } catch (InterruptedException e) {
            writer.shutdownNow();
            Thread.currentThread().interrupt();
        }
    }
}
