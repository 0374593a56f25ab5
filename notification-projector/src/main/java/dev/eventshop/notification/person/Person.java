package dev.eventshop.notification.person;

import dev.eventshop.personaldata.key.PersonKey;
import org.jspecify.annotations.Nullable;

/**
 * What is stored of a person, in the directory and in the ledger. Both seal an address alike, and a name, so that the
 * database can copy it from one to the other.
 */
public enum Person {
    EMAIL("email"),
    FULL_NAME("fullName"),
    MAIL_SUBJECT("mail.subject"),
    MAIL_HTML("mail.html"),
    MAIL_TEXT("mail.text"),
    /** What the mail server said when it did not take an email. */
    MAIL_FAILURE("mail.failure"),
    /** What was said when a message could not be handled. */
    DEAD_LETTER_ERROR("deadLetter.error"),
    /** The beginning of a message that could not be handled. */
    DEAD_LETTER_BODY("deadLetter.body"),
    /** A message that could not be handled. */
    DEAD_LETTER_MESSAGE("deadLetter.message");

    /** Shown in place of personal data that was not asked for; the query side has the same. */
    public static final String MASKED = "[masked]";

    private final String place;

    Person(String place) {
        this.place = place;
    }

    public byte[] seal(PersonKey key, String text) {
        return key.seal(text, place);
    }

    public byte[] sealBytes(PersonKey key, byte[] data) {
        return key.sealBytes(data, place);
    }

    public byte[] openBytes(PersonKey key, byte[] sealed) {
        return key.openBytes(sealed, place);
    }

    /** @return null when nothing is stored, or the person was erased and there is no key */
    public @Nullable String open(@Nullable PersonKey key, byte @Nullable [] sealed) {
        return key == null || sealed == null ? null : key.open(sealed, place);
    }

    /** @return what the keys know a user as */
    public static String named(int userId) {
        return "user-" + userId;
    }
}
