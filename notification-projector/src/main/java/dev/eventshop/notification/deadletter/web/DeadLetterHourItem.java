package dev.eventshop.notification.deadletter.web;

import dev.eventshop.notification.deadletter.DeadLetterHour;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;

@Schema(name = "DeadLetterHour", description = "How many of the dead letters failed first within an hour")
record DeadLetterHourItem(
        @Schema(example = "2026-01-31T10:00:00Z", description = "beginning of the hour")
        Instant from,

        @Schema(example = "3") long count) {

    static DeadLetterHourItem of(DeadLetterHour hour) {
        return new DeadLetterHourItem(hour.from(), hour.count());
    }
}
