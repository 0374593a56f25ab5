package dev.eventshop.query.stream;

import dev.eventshop.access.Caller;
import java.io.IOException;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicBoolean;
import org.springframework.http.MediaType;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

/** One stream. One thread at a time sends. */
final class OpenStream {

    /** Its length is bounded by the token's expiry. */
    private static final long NO_TIMEOUT = 0;

    private final SseEmitter emitter = new SseEmitter(NO_TIMEOUT);
    private final AtomicBoolean busy = new AtomicBoolean();
    private final Feed feed;
    private final int number;
    private final Caller caller;
    private final Instant validUntil;
    private volatile long version;
    private volatile long lastSent = System.nanoTime();

    OpenStream(Feed feed, int number, long version, Caller caller, Instant validUntil) {
        this.feed = feed;
        this.number = number;
        this.version = version;
        this.caller = caller;
        this.validUntil = validUntil;
    }

    SseEmitter emitter() {
        return emitter;
    }

    Feed feed() {
        return feed;
    }

    int number() {
        return number;
    }

    long version() {
        return version;
    }

    Caller caller() {
        return caller;
    }

    /** @return whether its token counts */
    boolean isValid(Instant now) {
        return now.isBefore(validUntil);
    }

    boolean isQuietFor(long nanos) {
        return System.nanoTime() - lastSent >= nanos;
    }

    /** @return whether the calling thread may send, until it calls {@link #release} */
    boolean take() {
        return busy.compareAndSet(false, true);
    }

    void release() {
        busy.set(false);
    }

    /**
     * @return whether more may follow
     * @throws IOException when the client is gone
     */
    boolean sendChanges() throws IOException {
        for (Feed.Message message : feed.since(number, version)) {
            if (message.version() > version) {
                send(SseEmitter.event().id(message.id()).data(message.data(), MediaType.APPLICATION_JSON));
                version = message.version();
            }
            if (message.last()) {
                return false; // also when the client has it already
            }
        }
        return true;
    }

    /** @throws IOException when the client is gone */
    void sendHeartbeat() throws IOException {
        send(SseEmitter.event().comment(""));
    }

    private void send(SseEmitter.SseEventBuilder event) throws IOException {
        emitter.send(event);
        lastSent = System.nanoTime();
    }
}
