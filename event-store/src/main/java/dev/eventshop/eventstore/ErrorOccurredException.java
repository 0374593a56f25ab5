package dev.eventshop.eventstore;

import java.io.Serial;

/**
 * Stands for an {@link Error} where only exceptions are survived: in Axon 4.13.0 a segment, or all segments of a
 * processor, that an error has come to is never worked on again, nor claimed by another instance. The cause is the error.
 */
public class ErrorOccurredException extends RuntimeException {

    @Serial
    private static final long serialVersionUID = 1L;

    private static final int DEEPEST = 50;

    public ErrorOccurredException(Error cause) {
        super(cause.toString(), cause);
    }

    /** @return the failure itself, unless it is an error */
    public static Exception of(Throwable failure) {
        if (failure instanceof Exception exception) {
            return exception;
        }
        return failure instanceof Error error ? new ErrorOccurredException(error) : new IllegalStateException(failure);
    }

    /** @return whether memory was lacking, which says nothing of the event that was worked on: it may succeed later */
    public static boolean isOfMemory(Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < DEEPEST; depth++) {
            if (cause instanceof OutOfMemoryError) {
                return true;
            }
            cause = cause.getCause();
        }
        return false;
    }
}
