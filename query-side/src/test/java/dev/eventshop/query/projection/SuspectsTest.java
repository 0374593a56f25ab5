package dev.eventshop.query.projection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventshop.eventstore.Position;
import java.sql.SQLException;
import java.util.List;
import org.axonframework.eventhandling.GenericEventMessage;
import org.axonframework.eventhandling.GenericTrackedEventMessage;
import org.axonframework.eventhandling.Segment;
import org.axonframework.eventhandling.TrackedEventMessage;
import org.axonframework.eventhandling.tokenstore.UnableToClaimTokenException;
import org.junit.jupiter.api.Test;

class SuspectsTest {

    private static final Segment SEGMENT = Segment.ROOT_SEGMENT;

    private final Suspects suspects = new Suspects();

    private static TrackedEventMessage<?> at(int index) {
        return new GenericTrackedEventMessage<>(
                Position.parse("1-100-" + index), GenericEventMessage.asEventMessage("event " + index));
    }

    @Test
    void areAllUpToTheEndOfABatchThatFailed() {
        suspects.add(SEGMENT.getSegmentId(), List.of(at(5), at(6), at(7)), new IllegalStateException());

        assertThat(suspects.include(SEGMENT, at(5))).isTrue();
        assertThat(suspects.include(SEGMENT, at(7))).isTrue();
        assertThat(suspects.include(SEGMENT, at(8))).isFalse();
    }

    @Test
    void areNoneAfterTheSegmentHasPassedThem() {
        suspects.add(SEGMENT.getSegmentId(), List.of(at(5)), new IllegalStateException());

        assertThat(suspects.include(SEGMENT, at(6))).isFalse();
        assertThat(suspects.include(SEGMENT, at(5))).isFalse();
    }

    @Test
    void areNoneOfABatchThatFailedForAnotherReason() {
        int segment = SEGMENT.getSegmentId();
        suspects.add(segment, List.of(at(5)), new UnableToClaimTokenException("another has it"));
        suspects.add(segment, List.of(at(5)), new IllegalStateException(new SQLException("gone", "57P01")));

        assertThat(suspects.include(SEGMENT, at(5))).isFalse();
    }

    @Test
    void areThoseOfTheirSegment() {
        suspects.add(1, List.of(at(5)), new IllegalStateException());

        assertThat(suspects.include(SEGMENT, at(5))).isFalse();
    }
}
