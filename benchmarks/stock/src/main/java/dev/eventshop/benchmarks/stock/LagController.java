package dev.eventshop.benchmarks.stock;

import java.util.Map;
import java.util.TreeMap;
import org.axonframework.config.EventProcessingConfiguration;
import org.axonframework.eventhandling.EventTrackerStatus;
import org.axonframework.eventhandling.StreamingEventProcessor;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventsourcing.eventstore.EventStore;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** How many events each processor has still to come to. */
@RestController
class LagController {

    private final EventStore events;
    private final EventProcessingConfiguration processors;

    LagController(EventStore events, EventProcessingConfiguration processors) {
        this.events = events;
        this.processors = processors;
    }

    @GetMapping("/lag")
    Map<String, Long> lag() {
        TrackingToken last = events.createHeadToken(); // null while there is no event
        long head = last == null ? 0 : last.position().orElse(0);
        Map<String, Long> lags = new TreeMap<>();
        processors.eventProcessors().forEach((name, processor) -> {
            if (processor instanceof StreamingEventProcessor streaming) {
                lags.put(
                        name,
                        head
                                - streaming.processingStatus().values().stream()
                                        .map(EventTrackerStatus::getCurrentPosition)
                                        .mapToLong(current -> current.orElse(0))
                                        .min()
                                        .orElse(0));
            }
        });
        return lags;
    }
}
