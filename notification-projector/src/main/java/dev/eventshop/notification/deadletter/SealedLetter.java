package dev.eventshop.notification.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.eventshop.messaging.deadletter.ParkedMessage;
import dev.eventshop.notification.person.Person;
import dev.eventshop.personaldata.key.PersonKey;
import dev.eventshop.personaldata.key.PersonKeys;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a message says, sealed with the key of the person whom it names.
 *
 * @param sealedFor whose key it is; this service's own where it names nobody
 * @param anybody   whether it may be about somebody whom it does not name
 * @param error     null when the key was destroyed, and so are the others
 */
record SealedLetter(
        String sealedFor, boolean anybody, byte @Nullable [] error, byte @Nullable [] body, byte @Nullable [] message) {

    /** What the keys know this service's own key as, which no person has. */
    private static final String NOBODY = "dead-letters";

    /** In the running transaction, which makes the key where there is none. */
    static SealedLetter of(ParkedMessage letter, int bodyLength, PersonKeys keys) {
        About about = About.of(letter);
        String owner = about.person().orElse(NOBODY);
        Optional<PersonKey> key = keys.obtain(owner);
        if (key.isEmpty()) {
            return new SealedLetter(owner, about.anybody(), null, null, null);
        }
        String error = letter.errorMessage() == null ? "" : letter.errorMessage();
        byte[] start = Arrays.copyOf(letter.body(), Math.min(letter.body().length, bodyLength));
        return new SealedLetter(
                owner,
                about.anybody(),
                Person.DEAD_LETTER_ERROR.seal(key.get(), error),
                Person.DEAD_LETTER_BODY.sealBytes(key.get(), start),
                Person.DEAD_LETTER_MESSAGE.sealBytes(key.get(), letter.toBytes()));
    }

    static @Nullable String openBody(@Nullable PersonKey key, byte @Nullable [] sealed) {
        return key == null || sealed == null ? null : new String(Person.DEAD_LETTER_BODY.openBytes(key, sealed), UTF_8);
    }
}
