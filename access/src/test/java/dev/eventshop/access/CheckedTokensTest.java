package dev.eventshop.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;

class CheckedTokensTest {

    private static final Instant START = Instant.parse("2026-11-30T08:00:00Z");

    private final List<String> checked = new ArrayList<>();
    private final CheckedTokens tokens = remembering(Duration.ofSeconds(30));
    private Instant now = START;
    private @Nullable Instant end = START.plusSeconds(3_600);
    private boolean refusing;

    private CheckedTokens remembering(Duration longest) {
        return new CheckedTokens(
                this::check,
                longest,
                () -> now,
                () -> Duration.between(START, now).toNanos());
    }

    private Jwt check(String text) {
        checked.add(text);
        if (refusing) {
            throw new BadJwtException("no");
        }
        Jwt.Builder token = Jwt.withTokenValue(text).header("alg", "RS256").subject(text);
        return (end == null ? token : token.expiresAt(end)).build();
    }

    @Test
    void areNotCheckedAgainForAMoment() {
        Jwt first = tokens.decode("a");
        now = START.plusSeconds(29);

        assertThat(tokens.decode("a")).isSameAs(first);
        assertThat(tokens.decode("b").getSubject()).isEqualTo("b");
        assertThat(checked).containsExactly("a", "b");
    }

    @Test
    void areCheckedAgainAfterIt() {
        tokens.decode("a");
        now = START.plusSeconds(31);
        refusing = true;

        assertThatThrownBy(() -> tokens.decode("a")).isInstanceOf(BadJwtException.class);
    }

    @Test
    void areCheckedAgainFromTheirEndOn() {
        end = START.plusSeconds(10);
        tokens.decode("a");
        now = end;
        refusing = true; // as it is some time after the end, with the difference of clocks that is allowed for

        assertThatThrownBy(() -> tokens.decode("a")).isInstanceOf(BadJwtException.class);
    }

    @Test
    void areCheckedEachTimeAfterTheirEnd() {
        end = START;
        tokens.decode("a");
        tokens.decode("a");

        assertThat(checked).containsExactly("a", "a");
    }

    @Test
    void areCheckedEachTimeWithoutAnEnd() {
        end = null;
        tokens.decode("a");
        tokens.decode("a");

        assertThat(checked).containsExactly("a", "a");
    }

    @Test
    void areCheckedEachTimeWhenRefused() {
        refusing = true;
        assertThatThrownBy(() -> tokens.decode("a")).isInstanceOf(BadJwtException.class);
        refusing = false;

        assertThat(tokens.decode("a").getSubject()).isEqualTo("a");
        assertThat(checked).containsExactly("a", "a");
    }

    @Test
    void areCheckedEachTimeWhereNoneIsToBeRemembered() {
        CheckedTokens forgetful = remembering(Duration.ZERO);
        forgetful.decode("a");
        forgetful.decode("a");

        assertThat(checked).containsExactly("a", "a");
    }
}
