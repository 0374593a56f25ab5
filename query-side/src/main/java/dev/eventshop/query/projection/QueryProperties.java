package dev.eventshop.query.projection;

import java.time.Duration;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * Settings of the query side.
 *
 * @param batchSize           events that a projection handles in one transaction at most. Larger ones are faster in a
 *                            rebuild, and hold the transaction, and with it the tail of the event store, open longer
 * @param longestWait         upper bound of what {@code Prefer: wait=} can ask for
 * @param waitingReads        requests that may wait for a position at the same time; each holds a thread
 * @param searchLength        characters of a text to search for, beyond: 422
 * @param longestSearch       after which a search through the event store pauses, and says where to go on
 * @param flagInterval        how often an instance looks whether a projection is paused
 * @param heartbeatInterval   how often an instance says that it is alive
 * @param instanceTimeout     after which an instance that says nothing is counted out when the segments are shared
 * @param claimInterval       how often an instance looks for segments that nobody works on
 * @param storeIdleInterval   how often the position of a segment that has nothing to do is stored
 * @param replays             about rebuilding
 * @param deadLetters         about events that could not be applied
 */
@ConfigurationProperties("eventshop.query")
public record QueryProperties(
        @DefaultValue("500") int batchSize,
        @DefaultValue("60s") Duration longestWait,
        @DefaultValue("50") int waitingReads,
        @DefaultValue("200") int searchLength,
        @DefaultValue("1s") Duration longestSearch,
        @DefaultValue("100ms") Duration flagInterval,
        @DefaultValue("2s") Duration heartbeatInterval,
        @DefaultValue("10s") Duration instanceTimeout,
        @DefaultValue("2s") Duration claimInterval,
        @DefaultValue("2s") Duration storeIdleInterval,
        @DefaultValue Replays replays,
        @DefaultValue DeadLetters deadLetters) {

    /**
     * @param maxConcurrent replays that run at the same time; more wait as {@code QUEUED}
     * @param stepInterval  how often running replays are looked after
     * @param batchSize     most events that a rebuild side by side applies in one transaction; it takes fewer when that
     *                      takes long
     * @param writers       transactions of a rebuild side by side at the same time, each with a thread and a connection
     * @param pauseTimeout  how long to wait for all instances to let go of a projection, then the replay is
     *                      {@code FAILED}. Above the time after which the claims of an instance that died expire
     */
    public record Replays(
            @DefaultValue("4") int maxConcurrent,
            @DefaultValue("200ms") Duration stepInterval,
            @DefaultValue("5000") int batchSize,
            @DefaultValue("2") int writers,
            @DefaultValue("2m") Duration pauseTimeout) {}

    /**
     * @param firstRetry   after which an event that could not be applied is tried again; doubled each time
     * @param longestRetry bound of that
     * @param pollInterval how often an instance looks for events that are to be tried again
     */
    public record DeadLetters(
            @DefaultValue("10s") Duration firstRetry,
            @DefaultValue("10m") Duration longestRetry,
            @DefaultValue("1s") Duration pollInterval) {}
}
