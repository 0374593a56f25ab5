package dev.eventshop.query.replay;

/** Where a replay is. The constants' names are what stands in the database and in answers. */
enum ReplayState {
    /** Waits for others to end. */
    QUEUED,
    /** Under way. */
    RUNNING,
    /** The rebuilt view is being put in the place of the old one. */
    SWITCHING,
    /** All events that were in the store when it started are applied. */
    COMPLETED,
    /** Called off; the view is as before. */
    CANCELLED,
    /** It came to nothing; the view is as before. */
    FAILED;

    /** @return whether nothing more will happen to it */
    boolean hasEnded() {
        return this == COMPLETED || this == CANCELLED || this == FAILED;
    }
}
