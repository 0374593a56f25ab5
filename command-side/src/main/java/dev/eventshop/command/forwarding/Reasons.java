package dev.eventshop.command.forwarding;

/** Why something does not get on, for operators. */
public final class Reasons {

    private Reasons() {}

    /** @return the words of the innermost cause: those around it name classes */
    public static String of(Throwable failure) {
        Throwable cause = failure;
        while (cause.getCause() != null && cause.getCause() != cause) {
            cause = cause.getCause();
        }
        String words = cause.getMessage();
        return words == null || words.isBlank() ? cause.getClass().getSimpleName() : words;
    }
}
