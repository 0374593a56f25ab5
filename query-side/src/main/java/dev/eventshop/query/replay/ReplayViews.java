package dev.eventshop.query.replay;

import dev.eventshop.query.projection.Projections;
import org.springframework.stereotype.Component;

/** Shows replays, with what keeps their projection from getting on. */
@Component
class ReplayViews {

    private final Projections projections;

    ReplayViews(Projections projections) {
        this.projections = projections;
    }

    ReplayView of(Replay replay) {
        return ReplayView.of(
                replay,
                replay.mode() == ReplayMode.SIDE_BY_SIDE // its own failure ends it; the live one's is another matter
                        ? null
                        : projections
                                .named(replay.projection())
                                .flatMap(projection -> projections.error(projection.name()))
                                .orElse(null));
    }
}
