package dev.eventshop.standalone.issuer;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.RSAKey;
import com.nimbusds.jose.jwk.gen.RSAKeyGenerator;
import dev.eventshop.access.Role;
import dev.eventshop.standalone.console.ExitCode;
import dev.eventshop.standalone.console.Refused;
import dev.eventshop.standalone.data.DataFolder;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.text.ParseException;
import java.util.Base64;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.UUID;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.json.JsonMapper;

/**
 * What the issuer keeps: its key, the secrets of its clients and the passwords of its users, made at its first start, and
 * the name that stands in its tokens. In files that only their owner may read.
 *
 * @param url     name of the issuer, and where it is reached
 * @param key     signs the tokens
 * @param clients secrets of programs, by the role that each is for
 * @param users   passwords of people who log in with a browser, by the role that each has and is called like
 */
public record IssuerFolder(String url, RSAKey key, Map<String, String> clients, Map<String, String> users) {

    private static final String FOLDER = "issuer";
    private static final String KEYS = FOLDER + "/keys.json";
    private static final String SECRETS = FOLDER + "/secrets.json";
    private static final int KEY_BITS = 2048;
    private static final int SECRET_BYTES = 24;
    private static final JsonMapper JSON = new JsonMapper();
    private static final SecureRandom RANDOM = new SecureRandom();

    private record Secrets(String url, Map<String, String> clients, Map<String, String> users) {}

    /** Reads the files, and makes those that are missing. */
    public static IssuerFolder open(DataFolder folder, String url) {
        folder.madeFolder(FOLDER);
        folder.protect(KEYS);
        folder.protect(SECRETS);
        if (!Files.exists(folder.folder(KEYS))) {
            FirstLogin.expect(folder);
        }
        RSAKey key = read(folder.folder(KEYS))
                .map(text -> key(text, folder.folder(KEYS)))
                .orElseGet(() -> newKey(folder));
        Secrets known = read(folder.folder(SECRETS))
                .map(text -> secrets(text, folder.folder(SECRETS)))
                .orElseGet(() -> new Secrets(url, Map.of(), Map.of()));
        Secrets complete = new Secrets(url, complete(known.clients(), false), complete(known.users(), true));
        if (!complete.equals(known)) {
            folder.write(SECRETS, JSON.writerWithDefaultPrettyPrinter().writeValueAsString(complete) + "\n");
        }
        return new IssuerFolder(url, key, complete.clients(), complete.users());
    }

    /**
     * @return empty when no issuer was ever started in that folder
     * @throws Refused when the files can't be read
     */
    public static Optional<IssuerFolder> find(Path folder) {
        Path path = DataFolder.absolute(folder);
        Path keys = path.resolve(KEYS);
        Path secrets = path.resolve(SECRETS);
        return read(keys)
                .flatMap(key -> read(secrets).map(text -> {
                    Secrets kept = secrets(text, secrets);
                    return new IssuerFolder(kept.url(), key(key, keys), kept.clients(), kept.users());
                }));
    }

    /** @return the id of the program that has the role */
    public static String clientId(String role) {
        return "eventshop-" + role;
    }

    private static Map<String, String> complete(Map<String, String> known, boolean people) {
        Map<String, String> all = new TreeMap<>(known);
        for (Role role : Role.values()) {
            if (people || role != Role.CUSTOMER) { // a program is no customer
                all.computeIfAbsent(role.claim(), added -> newSecret());
            }
        }
        return all;
    }

    private static RSAKey newKey(DataFolder folder) {
        try {
            RSAKey key = new RSAKeyGenerator(KEY_BITS)
                    .keyID(UUID.randomUUID().toString())
                    .generate();
            folder.write(KEYS, new JWKSet(key).toString(false) + "\n");
            return key;
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String newSecret() {
        byte[] bytes = new byte[SECRET_BYTES];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    private static RSAKey key(String text, Path file) {
        try {
            return JWKSet.parse(text).getKeys().get(0).toRSAKey();
        } catch (ParseException | RuntimeException e) {
            throw unreadable(file, e);
        }
    }

    private static Secrets secrets(String text, Path file) {
        try {
            return JSON.readValue(text, Secrets.class);
        } catch (JacksonException e) {
            throw unreadable(file, e);
        }
    }

    private static Optional<String> read(Path file) {
        try {
            return Optional.of(Files.readString(file));
        } catch (NoSuchFileException e) {
            return Optional.empty();
        } catch (AccessDeniedException e) {
            throw new Refused(ExitCode.DATA_FOLDER, "There is no permission to read " + file + ".");
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static Refused unreadable(Path file, Exception cause) {
        return new Refused(ExitCode.DATA_FOLDER, "The file " + file + " can't be read.", cause);
    }

    /** Without its key and secrets. */
    @Override
    public String toString() {
        return "IssuerFolder[" + url + "]";
    }
}
