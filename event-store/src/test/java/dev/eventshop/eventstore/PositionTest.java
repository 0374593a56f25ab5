package dev.eventshop.eventstore;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.stream.Stream;
import org.axonframework.eventhandling.GlobalSequenceTrackingToken;
import org.axonframework.eventhandling.TrackingToken;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PositionTest {

    private static final Position EARLIER = new Position(1, 7431, 99);
    private static final Position LATER = new Position(1, 7432, 98);

    @Nested
    class Order {

        @Test
        void isByEpochThenTransactionThenIndex() {
            assertThat(Stream.of(
                                    new Position(2, 1, 1),
                                    new Position(1, 9, 1),
                                    new Position(1, 8, 3),
                                    new Position(1, 8, 2),
                                    Position.START)
                            .sorted())
                    .containsExactly(
                            Position.START,
                            new Position(1, 8, 2),
                            new Position(1, 8, 3),
                            new Position(1, 9, 1),
                            new Position(2, 1, 1));
            assertThat(LATER.isAfter(EARLIER)).isTrue();
            assertThat(EARLIER.isAfter(EARLIER)).isFalse();
        }
    }

    @Nested
    class Text {

        @Test
        void givesTheSamePositionAgain() {
            assertThat(EARLIER).hasToString("1-7431-99");
            assertThat(Position.parse("1-7431-99")).isEqualTo(EARLIER);
            assertThat(Position.parse(Position.START.toString())).isEqualTo(Position.START);
        }

        @ParameterizedTest
        @ValueSource(
                strings = {
                    "",
                    "1",
                    "1-2",
                    "1-2-3-4",
                    "-1-2-3",
                    "a-b-c",
                    "1-2-x",
                    " 1-2-3",
                    "1-2-3\n",
                    "9999999999-1-1",
                    "1-9999999999999999999-1",
                    "١-1-1"
                })
        void isRefusedWhenMalformed(String text) {
            assertThatIllegalArgumentException().isThrownBy(() -> Position.parse(text));
        }
    }

    @Nested
    class AsAToken {

        @Test
        void coversWhatIsNotLater() {
            assertThat(LATER.covers(EARLIER)).isTrue();
            assertThat(LATER.covers(LATER)).isTrue();
            assertThat(EARLIER.covers(LATER)).isFalse();
            assertThat(EARLIER.covers(null)).isTrue();
        }

        @Test
        void isBoundByTheEarlierAndTheLaterOne() {
            assertThat(LATER.lowerBound(EARLIER)).isEqualTo(EARLIER);
            assertThat(EARLIER.lowerBound(LATER)).isEqualTo(EARLIER);
            assertThat(EARLIER.lowerBound(null)).isNull();
            assertThat(LATER.upperBound(EARLIER)).isEqualTo(LATER);
            assertThat(EARLIER.upperBound(LATER)).isEqualTo(LATER);
            assertThat(EARLIER.upperBound(null)).isEqualTo(EARLIER);
        }

        @Test
        void isAtTheSamePlaceAsItsEqual() {
            TrackingToken equal = new Position(1, 7431, 99);
            assertThat(EARLIER.samePositionAs(equal)).isTrue();
            assertThat(EARLIER.samePositionAs(LATER)).isFalse();
            assertThat(EARLIER.samePositionAs(null)).isFalse();
        }

        @Test
        void isNotComparedWithOtherTokens() {
            assertThatIllegalArgumentException().isThrownBy(() -> EARLIER.covers(new GlobalSequenceTrackingToken(1)));
        }
    }
}
