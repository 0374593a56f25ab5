package dev.eventshop.command.ids;

/** All numbers that the contract's int can hold are given away. Nothing but a new contract helps. */
public final class IdsExhausted extends RuntimeException {

    private static final long serialVersionUID = 1L;

    IdsExhausted(String sequence, Throwable cause) {
        super("the numbers of " + sequence + " are used up", cause);
    }
}
