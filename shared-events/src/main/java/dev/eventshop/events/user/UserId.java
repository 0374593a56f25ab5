package dev.eventshop.events.user;

/**
 * Identity of a user. Its text form, {@code user-17}, is the aggregate id in the event store; the number is what
 * contracts show.
 *
 * @param value positive, from a PostgreSQL sequence
 */
public record UserId(int value) {

    private static final String PREFIX = "user-";

    public UserId {
        if (value <= 0) {
            throw new IllegalArgumentException("user id must be positive: " + value);
        }
    }

    /** @return the aggregate id, for example {@code user-17} */
    @Override
    public String toString() {
        return PREFIX + value;
    }
}
