package dev.eventshop.notification.deadletter;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.eventshop.messaging.deadletter.ParkedMessage;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * What a message is known by when it comes again: its {@code message_id}, or, where it has none, its body and the moments
 * of its failures.
 */
final class LetterKey {

    private LetterKey() {}

    /** @return SHA-256 */
    static byte[] of(ParkedMessage letter) {
        MessageDigest digest = sha256();
        String id = letter.properties().getMessageId();
        if (id != null && !id.isBlank()) {
            digest.update((byte) 1);
            return digest.digest(id.getBytes(UTF_8));
        }
        digest.update((byte) 2);
        digest.update(letter.firstFailedAt().toString().getBytes(UTF_8));
        digest.update(letter.lastFailedAt().toString().getBytes(UTF_8));
        return digest.digest(letter.body());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
