package dev.eventshop.query.projection;

import static org.assertj.core.api.Assertions.assertThat;

import dev.eventshop.eventstore.AggregatePage;
import dev.eventshop.eventstore.Position;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.axonframework.eventhandling.Segment;
import org.junit.jupiter.api.Test;

class OwnEventsTest {

    private static final Position LAST = at(1_000);

    /** Of two segments, by the parity of the hash. */
    private static final Segment SEGMENT = Segment.computeSegment(0, 0, 1);

    private static final String OWN = aggregate(true);
    private static final String OTHER = aggregate(false);

    private final List<Position> read = new ArrayList<>();

    /** Position of the one event of the segment's own; beyond the last one when it has none. */
    private long own = 2_000;

    private final OwnEvents events = new OwnEvents(SEGMENT, LAST, this::page);

    private static Position at(long index) {
        return index == 0 ? Position.START : new Position(1, 700, index);
    }

    private static String aggregate(boolean matching) {
        for (int i = 0; ; i++) {
            if (SEGMENT.matches(("order-" + i).hashCode()) == matching) {
                return "order-" + i;
            }
        }
    }

    /** Ten events each. */
    private AggregatePage page(Position after) {
        read.add(after);
        long end = Math.min(after.globalIndex() + 10, LAST.globalIndex());
        boolean hasOwn = own > after.globalIndex() && own <= end;
        return new AggregatePage(hasOwn ? Set.of(OTHER, OWN) : Set.of(OTHER), at(end));
    }

    @Test
    void areThereAsSoonAsOneIs() {
        own = 15;

        assertThat(events.areNoneBehind(at(0))).isFalse();
        assertThat(events.areNoneBehind(at(0))).isFalse();

        assertThat(read).containsExactly(at(0), at(10));
    }

    @Test
    void areLookedForAgainBehindAnotherToken() {
        own = 985;

        assertThat(events.areNoneBehind(at(983))).isFalse();
        assertThat(events.areNoneBehind(at(986))).isTrue();

        assertThat(read).containsExactly(at(983), at(986), at(996));
    }

    @Test
    void areNotKnownBeforeAllIsLookedAtAFewPagesEachTime() {
        int answers = 1;
        while (!events.areNoneBehind(at(0))) {
            answers++;
            assertThat(read).hasSizeLessThanOrEqualTo(5 * answers);
        }

        assertThat(answers).isEqualTo(20);
        assertThat(read).hasSize(100).doesNotHaveDuplicates();
    }

    @Test
    void areLookedForFromTheBeginningWhenTheTokenGoesBack() {
        assertThat(events.areNoneBehind(at(990))).isTrue();
        own = 500;

        assertThat(events.areNoneBehind(at(495))).isFalse();
    }

    @Test
    void areNotLookedForWhenTheTokenIsThere() {
        assertThat(events.areNoneBehind(LAST)).isTrue();
        assertThat(read).isEmpty();
    }
}
