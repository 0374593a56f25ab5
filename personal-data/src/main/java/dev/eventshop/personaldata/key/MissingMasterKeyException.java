package dev.eventshop.personaldata.key;

/** The keys of persons can't be unwrapped, or not be wrapped. Trying again does not help, giving the master key does. */
public final class MissingMasterKeyException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    public MissingMasterKeyException(String message) {
        super(message);
    }
}
