package dev.eventshop.query.projection;

import dev.eventshop.eventstore.AheadOfStoreException;
import dev.eventshop.eventstore.EventLog;
import dev.eventshop.eventstore.Position;
import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.axonframework.eventhandling.Segment;
import org.axonframework.eventhandling.TrackingToken;
import org.axonframework.eventhandling.tokenstore.TokenStore;
import org.axonframework.eventhandling.tokenstore.UnableToClaimTokenException;
import org.jspecify.annotations.Nullable;

/**
 * A projection's tokens for a processor that writes into one slot: it gets no claim when another slot is live, newer code
 * has filled it, or the projection is paused. An instance that has not noticed the switch would go on filling the old one,
 * and the new one would miss those events; one of an older release would write rows of an older kind among the new ones;
 * one that has not noticed the pause would apply events to rows that are about to be deleted.
 *
 * <p>It gets none either on a segment that is ahead of the store, after an older backup of the store was restored: its
 * view has what never happened by now, and each segment may have come another way.
 */
final class SlotTokens implements TokenStore {

    private final TokenStore tokens;
    private final ProjectionFlags flags;
    private final Slot slot;
    private final int version;
    private final EventLog events;
    private final BiConsumer<Integer, AheadOfStoreException> ahead;

    /**
     * @param version of the processor's code
     * @param ahead   takes the segment, and what is wrong with it
     */
    SlotTokens(
            TokenStore tokens,
            ProjectionFlags flags,
            Slot slot,
            int version,
            EventLog events,
            BiConsumer<Integer, AheadOfStoreException> ahead) {
        this.tokens = tokens;
        this.flags = flags;
        this.slot = slot;
        this.version = version;
        this.events = events;
        this.ahead = ahead;
    }

    @Override
    public @Nullable TrackingToken fetchToken(String processorName, int segment) {
        TrackingToken token = tokens.fetchToken(processorName, segment);
        checkLive(processorName, segment);
        checkKnown(token, processorName, segment);
        return token;
    }

    @Override
    public @Nullable TrackingToken fetchToken(String processorName, Segment segment) {
        TrackingToken token = tokens.fetchToken(processorName, segment);
        checkLive(processorName, segment.getSegmentId());
        checkKnown(token, processorName, segment.getSegmentId());
        return token;
    }

    private void checkKnown(@Nullable TrackingToken token, String projection, int segment) {
        if (token instanceof Position position) {
            try {
                events.requireKnown(position, projection);
            } catch (AheadOfStoreException e) {
                ahead.accept(segment, e);
                throw e;
            }
        }
    }

    /**
     * After the claim: whoever switches or pauses the projection and then takes the token's row has committed by now, or
     * waits for this transaction.
     */
    private void checkLive(String projection, int segment) {
        if (flags.workedOn(projection, version).filter(slot::equals).isEmpty()) {
            tokens.releaseClaim(projection, segment); // Axon would commit it
            throw new UnableToClaimTokenException(
                    projection + " is paused, or its slot " + slot + " is not live any more, or of newer code");
        }
    }

    @Override
    public void storeToken(@Nullable TrackingToken token, String processorName, int segment) {
        tokens.storeToken(token, processorName, segment);
    }

    @Override
    public void extendClaim(String processorName, int segment) {
        tokens.extendClaim(processorName, segment);
    }

    @Override
    public void releaseClaim(String processorName, int segment) {
        tokens.releaseClaim(processorName, segment);
    }

    @Override
    public void initializeTokenSegments(String processorName, int segmentCount) {
        tokens.initializeTokenSegments(processorName, segmentCount);
    }

    @Override
    public void initializeTokenSegments(String processorName, int segmentCount, @Nullable TrackingToken initialToken) {
        tokens.initializeTokenSegments(processorName, segmentCount, initialToken);
    }

    @Override
    public void initializeSegment(@Nullable TrackingToken token, String processorName, int segment) {
        tokens.initializeSegment(token, processorName, segment);
    }

    @Override
    public void deleteToken(String processorName, int segment) {
        tokens.deleteToken(processorName, segment);
    }

    @Override
    public boolean requiresExplicitSegmentInitialization() {
        return tokens.requiresExplicitSegmentInitialization();
    }

    @Override
    public int[] fetchSegments(String processorName) {
        return tokens.fetchSegments(processorName);
    }

    @Override
    public List<Segment> fetchAvailableSegments(String processorName) {
        return tokens.fetchAvailableSegments(processorName);
    }

    @Override
    public Optional<String> retrieveStorageIdentifier() {
        return tokens.retrieveStorageIdentifier();
    }
}
