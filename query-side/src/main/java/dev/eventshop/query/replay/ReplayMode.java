package dev.eventshop.query.replay;

/** How a view is rebuilt. */
enum ReplayMode {
    /** The view is emptied and filled again: readers see it grow. */
    IN_PLACE,
    /** The view is rebuilt beside the live one, which it replaces at once. */
    SIDE_BY_SIDE
}
