package dev.eventshop.personaldata.key;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Base64;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import javax.crypto.SecretKey;
import javax.crypto.spec.SecretKeySpec;

/**
 * What wraps the keys of persons; never in a database. The first one wraps new keys, all of them unwrap: so one is
 * replaced by putting another before it, and taken away when no key is wrapped with it any more.
 */
public final class MasterKeys {

    private static final Pattern LINE =
            Pattern.compile("([A-Za-z0-9._-]{1,64})\\s+([A-Za-z0-9+/]{43}=|[0-9a-fA-F]{64})");

    private final String current;
    private final Map<String, SecretKey> keys;

    private MasterKeys(String current, Map<String, SecretKey> keys) {
        this.current = current;
        this.keys = Map.copyOf(keys);
    }

    /**
     * @param text a line for each key, its name and 32 bytes in Base64 or hex; empty lines and such that begin with # are left
     *     out
     * @throws IllegalArgumentException without what was found: it may be a part of a key
     */
    public static MasterKeys parse(String text) {
        Map<String, SecretKey> keys = new LinkedHashMap<>();
        int number = 0;
        for (String line : text.lines().map(String::strip).toList()) {
            number++;
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            var parts = LINE.matcher(line);
            if (!parts.matches()) {
                throw new IllegalArgumentException(
                        "line " + number + " is not the name of a key and 32 bytes in Base64 or hex");
            }
            SecretKey key = new SecretKeySpec(bytes(parts.group(2)), "AES");
            if (keys.putIfAbsent(parts.group(1), key) != null) {
                throw new IllegalArgumentException("line " + number + " names a key that was there before");
            }
        }
        if (keys.isEmpty()) {
            throw new IllegalArgumentException("there is no key");
        }
        return new MasterKeys(keys.keySet().iterator().next(), keys);
    }

    private static byte[] bytes(String text) {
        return text.endsWith("=")
                ? Base64.getDecoder().decode(text)
                : HexFormat.of().parseHex(text);
    }

    /** @return a new key as a line of the text that {@link #parse} reads */
    public static String newLine(String name) {
        return name + " " + Base64.getEncoder().encodeToString(AesGcm.randomKey());
    }

    /** @return the name of the one that wraps new keys */
    public String current() {
        return current;
    }

    public Set<String> names() {
        return keys.keySet();
    }

    /** @param owner whose key it is: it can't be passed off as somebody else's */
    byte[] wrap(byte[] key, String owner) {
        return AesGcm.seal(key(current), key, owner.getBytes(UTF_8));
    }

    byte[] unwrap(String masterKey, byte[] wrapped, String owner) {
        return AesGcm.open(key(masterKey), wrapped, owner.getBytes(UTF_8));
    }

    private SecretKey key(String name) {
        SecretKey key = keys.get(name);
        if (key == null) {
            throw new MissingMasterKeyException("Keys of persons are wrapped with the master key \"" + name
                    + "\", which is not among those given: add it behind the current one.");
        }
        return key;
    }

    /** Without the keys. */
    @Override
    public String toString() {
        return "MasterKeys" + keys.keySet();
    }
}
