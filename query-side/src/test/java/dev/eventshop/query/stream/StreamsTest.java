package dev.eventshop.query.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.eventshop.testing.SettableClock;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.server.resource.authentication.JwtAuthenticationToken;
import org.springframework.web.servlet.mvc.method.annotation.ResponseBodyEmitter;
import org.springframework.web.servlet.mvc.method.annotation.SseEmitter;

class StreamsTest {

    private static final Instant NOW = Instant.parse("2026-03-01T09:30:15Z");

    private final AtomicInteger asked = new AtomicInteger();
    private final SettableClock clock = new SettableClock(NOW);
    private final Streams streams =
            new Streams(new StreamProperties(10, 10, Duration.ofMillis(5), Duration.ofDays(1), 1), clock);

    @BeforeEach
    void start() {
        streams.start();
    }

    @AfterEach
    void stop() {
        streams.stop();
        SecurityContextHolder.clearContext();
    }

    private SseEmitter open(Feed feed, Instant validUntil) {
        Jwt token = Jwt.withTokenValue("token")
                .header("alg", "none")
                .issuer("https://issuer.example.com")
                .subject("ada")
                .expiresAt(validUntil)
                .build();
        SecurityContextHolder.getContext().setAuthentication(new JwtAuthenticationToken(token));
        return streams.open(feed, 1, 0);
    }

    /** As Spring does when the request has become asynchronous; the container refuses to complete it. */
    private static void refuseToComplete(SseEmitter emitter) throws ReflectiveOperationException {
        Class<?> handler = Class.forName(ResponseBodyEmitter.class.getName() + "$Handler");
        Object refusing = Proxy.newProxyInstance(
                handler.getClassLoader(), new Class<?>[] {handler}, (proxy, method, arguments) -> {
                    if (method.getName().equals("complete")) {
                        throw new IllegalStateException("the request has ended");
                    }
                    return null;
                });
        Method initialize = ResponseBodyEmitter.class.getDeclaredMethod("initialize", handler);
        initialize.setAccessible(true);
        initialize.invoke(emitter, refusing);
    }

    @Test
    void areLookedAfterWhenOneOfThemCantBeEnded() throws ReflectiveOperationException {
        Feed quiet = feed(() -> {});
        SseEmitter ended = open(quiet, NOW.plusMillis(1));
        refuseToComplete(ended);
        open(quiet, NOW.plusSeconds(60));
        clock.set(NOW.plusMillis(2)); // the first one's token has ended
        await().until(() -> streams.size() == 1);
        int before = asked.get();

        await().until(() -> asked.get() > before + 2);
    }

    @Test
    void areLookedAfterAfterAnError() {
        open(
                feed(() -> {
                    throw new OutOfMemoryError("full");
                }),
                NOW.plusSeconds(60));

        await().until(() -> asked.get() > 2);
        assertThat(streams.size()).isOne();
    }

    private Feed feed(Runnable asking) {
        return new Feed() {
            @Override
            public Map<Integer, Long> versions(Collection<Integer> numbers) {
                asked.incrementAndGet();
                asking.run();
                return Map.of();
            }

            @Override
            public List<Message> since(int number, long version) {
                return List.of();
            }
        };
    }
}
