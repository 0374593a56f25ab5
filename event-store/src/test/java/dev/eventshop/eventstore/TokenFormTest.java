package dev.eventshop.eventstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.MergedTrackingToken;
import org.axonframework.eventhandling.ReplayToken;
import org.axonframework.eventhandling.TrackingToken;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenFormTest {

    private static final Position A = new Position(1, 10, 5);
    private static final Position B = new Position(1, 20, 9);

    @Test
    void keepsAPosition() {
        assertThat(TokenForm.write(A)).isEqualTo("1-10-5");
        assertThat(TokenForm.read("1-10-5")).isEqualTo(A);
    }

    @Test
    void keepsNoTokenAsNull() {
        assertThat(TokenForm.write(null)).isNull();
        assertThat(TokenForm.read(null)).isNull();
    }

    @Test
    void keepsAMergedToken() {
        TrackingToken merged = MergedTrackingToken.merged(MergedTrackingToken.merged(A, B), B);

        assertThat(TokenForm.write(merged)).isEqualTo("merged(merged(1-10-5,1-20-9),1-20-9)");
        assertThat(TokenForm.read(TokenForm.write(merged))).isEqualTo(merged);
        assertThat(TokenForm.read("merged(none,1-10-5)")).isEqualTo(new MergedTrackingToken(null, A));
    }

    @Test
    void keepsAReplayToken() {
        TrackingToken replay = ReplayToken.createReplayToken(B, A);

        assertThat(TokenForm.write(replay)).isEqualTo("replay(1-20-9,1-10-5)");
        assertThat(TokenForm.read("replay(1-20-9,1-10-5)")).isEqualTo(replay);
        assertThat(ReplayToken.isReplay(TokenForm.read("replay(1-20-9,1-10-5)")))
                .isTrue();
        assertThat(TokenForm.read("replay(1-20-9,none)")).isEqualTo(ReplayToken.createReplayToken(B, null));
    }

    @Test
    void hasNoClassNames() {
        assertThatIllegalArgumentException().isThrownBy(() -> TokenForm.write(new GlobalSequenceTrackingToken(1)));
        assertThatIllegalArgumentException()
                .isThrownBy(() -> TokenForm.write(ReplayToken.createReplayToken(B, A, "context")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", "x", "merged(1-10-5)", "merged(1-10-5,", "replay", "replay(1-1-1,x)", "java.lang.String"})
    void refusesWhatItHasNotWritten(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> TokenForm.read(text));
    }
}
