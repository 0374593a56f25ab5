package dev.eventshop.query.replay;

import dev.eventshop.query.stream.Feed;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/** Replays for streams. */
@Component
class ReplayFeed implements Feed {

    private final Replays replays;
    private final ReplayViews views;

    ReplayFeed(Replays replays, ReplayViews views) {
        this.replays = replays;
        this.views = views;
    }

    @Override
    public Map<Integer, Long> versions(Collection<Integer> numbers) {
        return numbers.stream()
                .flatMap(number -> replays.find(number).stream())
                .collect(Collectors.toMap(replay -> Math.toIntExact(replay.id()), Replay::revision));
    }

    @Override
    public List<Message> since(int number, long version) {
        return replays.find(number).stream()
                .map(replay -> new Message(
                        replay.revision(), views.of(replay), replay.state().hasEnded()))
                .toList();
    }
}
