package dev.eventshop.query.stream;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toSet;

import dev.eventshop.access.Caller;
import dev.eventshop.access.Callers;
import dev.eventshop.web.ProblemException;
import dev.eventshop.web.Problems;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.axonframework.common.AxonThreadFactory;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;
import org.springframework.http.HttpStatus;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/**
 * All streams of this instance. One thread looks for changes, with one query for all streams of a feed, and a few others
 * write them. A stream ends when the client goes, when its token expires, and when the service stops; the client is
 * expected to come again, and is told what it has missed.
 */
public final class Streams implements SmartLifecycle {

    private static final Logger LOG = LoggerFactory.getLogger(Streams.class);

    private final StreamProperties properties;
    private final Clock clock;
    private final Set<OpenStream> open = ConcurrentHashMap.newKeySet();
    private volatile @Nullable Running running;
    private boolean failed;

    Streams(StreamProperties properties, Clock clock) {
        this.properties = properties;
        this.clock = clock;
    }

    /**
     * Opens a stream for the caller of the current request, who has to be allowed to see what it tells of.
     *
     * @param version what the client knows of, {@link LastEventId#NONE} for nothing
     * @throws ProblemException 503 or 429 when there are too many
     */
    public SseEmitter open(Feed feed, int number, long version) {
        OpenStream stream = new OpenStream(feed, number, version, Callers.current(), Callers.validUntil());
        add(stream);
        SseEmitter emitter = stream.emitter();
        emitter.onCompletion(() -> open.remove(stream));
        emitter.onError(gone -> open.remove(stream));
        try {
            stream.sendHeartbeat(); // the headers, so that the client sees the stream is there
        } catch (IOException gone) {
            open.remove(stream);
        }
        Running current = running;
        if (current != null) {
            deliver(stream, current, true);
        }
        return emitter;
    }

    private synchronized void add(OpenStream stream) {
        if (running == null || open.size() >= properties.max()) {
            throw Problems.unavailable("TOO_MANY_STREAMS", "There are too many streams at the moment.");
        }
        if (of(stream.caller()) >= properties.maxPerCaller()) {
            throw new ProblemException(
                    HttpStatus.TOO_MANY_REQUESTS,
                    "TOO_MANY_STREAMS",
                    "You have " + properties.maxPerCaller() + " streams already.",
                    null,
                    Duration.ofSeconds(5));
        }
        open.add(stream);
    }

    private long of(Caller caller) {
        return open.stream()
                .filter(stream -> stream.caller().issuer().equals(caller.issuer())
                        && stream.caller().subject().equals(caller.subject()))
                .count();
    }

    /** @return how many there are */
    int size() {
        return open.size();
    }

    private void look() {
        try {
            lookAtAll();
        } catch (Throwable e) { // the looker would not come back
            LOG.error("Streams can't tell of changes at the moment.", e);
        }
    }

    private void lookAtAll() {
        Running current = running;
        if (current == null || open.isEmpty()) {
            return;
        }
        Instant now = clock.instant();
        for (OpenStream stream : open) {
            if (!stream.isValid(now)) {
                end(stream);
            }
        }
        Map<OpenStream, Boolean> due = new HashMap<>();
        try {
            open.stream()
                    .collect(groupingBy(OpenStream::feed))
                    .forEach((feed, streams) -> due.putAll(due(feed, streams)));
            failed = false;
        } catch (RuntimeException | Error e) {
            if (!failed) {
                LOG.warn("Streams can't tell of changes at the moment: {}", e.toString());
            }
            failed = true;
            open.forEach(stream -> due.put(stream, false));
        }
        due.forEach((stream, changed) -> {
            if (changed || stream.isQuietFor(properties.heartbeatInterval().toNanos())) {
                deliver(stream, current, changed);
            }
        });
    }

    private static Map<OpenStream, Boolean> due(Feed feed, List<OpenStream> streams) {
        Map<Integer, Long> versions =
                feed.versions(streams.stream().map(OpenStream::number).collect(toSet()));
        Map<OpenStream, Boolean> due = new HashMap<>();
        streams.forEach(
                stream -> due.put(stream, versions.getOrDefault(stream.number(), LastEventId.NONE) > stream.version()));
        return due;
    }

    private void deliver(OpenStream stream, Running current, boolean changed) {
        if (!stream.take()) {
            return; // the next look will find it again
        }
        try {
            current.senders().execute(() -> send(stream, changed));
        } catch (RuntimeException | Error e) { // it stops, or no thread is to be had
            stream.release();
            LOG.debug("A stream will be told of the change later", e);
        }
    }

    private void send(OpenStream stream, boolean changed) {
        try {
            if (changed) {
                if (!stream.sendChanges()) {
                    end(stream);
                }
            } else {
                stream.sendHeartbeat();
            }
        } catch (IOException gone) {
            open.remove(stream); // the container ends the request
        } catch (IllegalStateException ended) {
            end(stream);
        } catch (RuntimeException e) {
            LOG.debug("A stream will be told of the change later", e);
        } catch (Error e) {
            LOG.error("A stream will be told of the change later", e);
        } finally {
            stream.release();
        }
    }

    private void end(OpenStream stream) {
        open.remove(stream);
        try {
            stream.emitter().complete();
        } catch (RuntimeException e) { // Tomcat refuses it where the request has ended
            LOG.debug("A stream has ended already", e);
        }
    }

    @Override
    public synchronized void start() {
        if (running == null) {
            ScheduledExecutorService looker =
                    Executors.newSingleThreadScheduledExecutor(new AxonThreadFactory("streams"));
            long nanos = properties.pollInterval().toNanos();
            looker.scheduleWithFixedDelay(this::look, nanos, nanos, TimeUnit.NANOSECONDS);
            running = new Running(
                    looker,
                    Executors.newFixedThreadPool(properties.senders(), new AxonThreadFactory("stream-senders")));
        }
    }

    @Override
    public synchronized void stop() {
        Running stopped = running;
        running = null;
        if (stopped != null) {
            stopped.looker().shutdownNow();
            stopped.senders().shutdownNow();
            open.forEach(this::end);
        }
    }

    @Override
    public boolean isRunning() {
        return running != null;
    }

    /** Stopped first: the web server waits for requests that run. */
    @Override
    public int getPhase() {
        return Integer.MAX_VALUE;
    }

    private record Running(ScheduledExecutorService looker, ExecutorService senders) {}
}
