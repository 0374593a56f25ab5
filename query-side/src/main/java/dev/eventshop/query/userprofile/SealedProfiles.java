package dev.eventshop.query.userprofile;

import dev.eventshop.personaldata.key.PersonKey;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** How email and name of a user are stored: sealed with the user's key. */
final class SealedProfiles {

    static final String EMAIL = "user_profile.email";
    static final String FULL_NAME = "user_profile.full_name";

    private SealedProfiles() {}

    /** @return the form in which PostgreSQL reads bytes; null for null, and without a key */
    static @Nullable String sealed(@Nullable PersonKey key, @Nullable String text, String place) {
        return key == null || text == null ? null : "\\x" + HexFormat.of().formatHex(key.seal(text, place));
    }

    /** @return null for null, and without a key */
    static @Nullable String opened(@Nullable PersonKey key, byte @Nullable [] sealed, String place) {
        return key == null || sealed == null ? null : key.open(sealed, place);
    }
}
