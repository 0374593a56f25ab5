package dev.eventshop.query.http;

import org.jspecify.annotations.Nullable;

/**
 * Whose data a query may answer with. What is somebody else's is answered as if it were not there.
 *
 * @param all    whether everybody's
 * @param userId number of the only user whose; null for nobody's
 */
public record Viewer(boolean all, @Nullable Integer userId) {

    /** Sees everything, as staff does. */
    public static final Viewer OF_ALL = new Viewer(true, null);

    /** @param userId null for a customer who is not registered, and sees nothing */
    public static Viewer only(@Nullable Integer userId) {
        return new Viewer(false, userId);
    }

    /** @return whether that user's data may be seen */
    public boolean maySee(int owner) {
        return all || userId != null && userId == owner;
    }
}
