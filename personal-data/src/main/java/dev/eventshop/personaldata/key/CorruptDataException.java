package dev.eventshop.personaldata.key;

/** Encrypted data was changed, moved to another place, or belongs to another key. Trying again does not help. */
public final class CorruptDataException extends IllegalStateException {

    private static final long serialVersionUID = 1L;

    CorruptDataException() {
        super("encrypted data can't be opened: it was changed, moved, or is of another key");
    }
}
