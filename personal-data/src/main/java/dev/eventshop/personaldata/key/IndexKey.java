package dev.eventshop.personaldata.key;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.util.Base64;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/** Makes hashes that personal data can be looked up by, and not be guessed from: HMAC-SHA256 under a secret key. */
public final class IndexKey {

    private static final String ALGORITHM = "HmacSHA256";

    private final SecretKeySpec key;

    IndexKey(byte[] key) {
        this.key = new SecretKeySpec(key, ALGORITHM);
    }

    /**
     * @param kind  what is hashed: equal texts of different kinds have different hashes
     * @param parts with their lengths, so that no two lists of parts are alike
     * @return 32 bytes
     */
    public byte[] hash(String kind, String... parts) {
        try {
            Mac mac = Mac.getInstance(ALGORITHM);
            mac.init(key);
            add(mac, kind);
            for (String part : parts) {
                add(mac, part);
            }
            return mac.doFinal();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(ALGORITHM + " does not work in this JVM", e);
        }
    }

    /**
     * @param issuer  of a token
     * @param subject of the token
     * @return what the token's holder is called where it must not tell who they are: 32 bytes as Base64 for URLs, without
     *     padding
     */
    public String accountOf(String issuer, String subject) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(hash("account", issuer, subject));
    }

    private static void add(Mac mac, String part) {
        byte[] bytes = part.getBytes(UTF_8);
        mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).array());
        mac.update(bytes);
    }

    /** Without the key. */
    @Override
    public String toString() {
        return "IndexKey[...]";
    }
}
