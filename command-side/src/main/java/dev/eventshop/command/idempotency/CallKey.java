package dev.eventshop.command.idempotency;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What tells a call with an idempotency key from others: hashes, since what they are made of may tell who a person is.
 * The key, which is stored nowhere, is part of both, so that nobody can find out a body by trying.
 *
 * @param call    hash of caller, route and key, in hexadecimal digits
 * @param request hash of what the call asks for as well
 */
public record CallKey(String call, String request) {

    /**
     * @param issuer    of the caller's token
     * @param subject   of the caller's token
     * @param route     with the ids in the path
     * @param key       the caller's
     * @param condition on the version; null for none
     * @param body      empty for none
     */
    public static CallKey of(
            String issuer, String subject, String route, String key, @Nullable String condition, byte[] body) {
        List<byte[]> call = List.of(bytes(issuer), bytes(subject), bytes(route), bytes(key));
        MessageDigest digest = digest(call);
        String callHash = HexFormat.of().formatHex(digest.digest());
        digest = digest(call);
        digest.update((byte) (condition == null ? 0 : 1));
        add(digest, bytes(condition == null ? "" : condition));
        add(digest, body);
        return new CallKey(callHash, HexFormat.of().formatHex(digest.digest()));
    }

    private static MessageDigest digest(List<byte[]> parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            parts.forEach(part -> add(digest, part));
            return digest;
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e); // each Java platform has it
        }
    }

    /** With its length, so that no two lists of parts look the same. */
    private static void add(MessageDigest digest, byte[] part) {
        digest.update(ByteBuffer.allocate(Integer.BYTES).putInt(part.length).flip());
        digest.update(part);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    byte[] callBytes() {
        return HexFormat.of().parseHex(call);
    }

    byte[] requestBytes() {
        return HexFormat.of().parseHex(request);
    }

    /** @return a number for PostgreSQL's advisory locks */
    long lock() {
        return ByteBuffer.wrap(callBytes()).getLong();
    }
}
