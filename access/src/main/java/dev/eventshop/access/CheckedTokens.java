package dev.eventshop.access;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.springframework.security.oauth2.jwt.Jwt;
import org.springframework.security.oauth2.jwt.JwtDecoder;
import org.springframework.security.oauth2.jwt.JwtDecoderInitializationException;
import org.springframework.security.oauth2.jwt.JwtException;

/**
 * Remembers tokens that were found good for a moment: to check one takes a sixth of the processor time of a command, and
 * callers send the same one with each request. Not beyond the end of its own time; what was refused is checked again each
 * time.
 */
final class CheckedTokens implements JwtDecoder {

    /** Of all tokens that are remembered; those of the issuers at hand have about a thousand. */
    private static final long MOST_CHARACTERS = 4_000_000;

    private final JwtDecoder decoder;
    private final InstantSource clock;
    private final Cache<String, Jwt> good;

    /** @param longest how long one is remembered; not at all when zero */
    CheckedTokens(JwtDecoder decoder, Duration longest) {
        this(decoder, longest, Clock.systemUTC(), Ticker.systemTicker());
    }

    CheckedTokens(JwtDecoder decoder, Duration longest, InstantSource clock, Ticker ticker) {
        this.decoder = decoder;
        this.clock = clock;
        this.good = Caffeine.newBuilder()
                .maximumWeight(MOST_CHARACTERS)
                .weigher((String text, Jwt token) -> text.length())
                .expireAfterWrite(longest)
                .ticker(ticker)
                .executor(Runnable::run)
                .build();
    }

    @Override
    public Jwt decode(String text) {
        Jwt known = good.getIfPresent(text);
        if (known != null && isCurrent(known)) {
            return known;
        }
        Jwt token = checked(text);
        if (isCurrent(token)) {
            good.put(text, token);
        }
        return token;
    }

    /** As long as the issuer's document can't be had, Spring Security 7.1 throws what it takes for a defect of ours. */
    private Jwt checked(String text) {
        try {
            return decoder.decode(text);
        } catch (JwtDecoderInitializationException e) {
            Throwable reason = e.getCause() == null ? e : e.getCause();
            throw new JwtException(String.valueOf(reason.getMessage()), e);
        }
    }

    private boolean isCurrent(Jwt token) {
        Instant end = token.getExpiresAt();
        return end != null && clock.instant().isBefore(end);
    }
}
