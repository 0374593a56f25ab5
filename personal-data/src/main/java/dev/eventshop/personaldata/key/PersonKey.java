package dev.eventshop.personaldata.key;

import static java.nio.charset.StandardCharsets.UTF_8;

import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/** The key to one person's data in one database. Not to be kept longer than a request or a batch: it may be destroyed. */
public final class PersonKey {

    private final String person;
    private final SecretKey key;

    PersonKey(String person, byte[] key) {
        this.person = person;
        this.key = new SecretKeySpec(key, "AES");
    }

    /** @param place what the text is, for example table and column; it can be opened as nothing else */
    public byte[] seal(String text, String place) {
        return sealBytes(text.getBytes(UTF_8), place);
    }

    /** @throws CorruptDataException when it was not sealed for this person and place, or was changed since */
    public String open(byte[] sealed, String place) {
        return new String(openBytes(sealed, place), UTF_8);
    }

    /** As {@link #seal}, for what is no text. */
    public byte[] sealBytes(byte[] data, String place) {
        return AesGcm.seal(key, data, context(place));
    }

    /** As {@link #open}, for what is no text. */
    public byte[] openBytes(byte[] sealed, String place) {
        return AesGcm.open(key, sealed, context(place));
    }

    private byte[] context(String place) {
        return (person + "\n" + place).getBytes(UTF_8);
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "PersonKey[" + person + "]";
    }
}
