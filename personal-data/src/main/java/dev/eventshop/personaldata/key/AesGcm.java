package dev.eventshop.personaldata.key;

import java.nio.ByteBuffer;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import javax.crypto.AEADBadTagException;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;

/**
 * AES-256-GCM as NIST SP 800-38D has it: a random 96-bit nonce and a 128-bit tag. Sealed form: one byte of version, the
 * nonce, the ciphertext with the tag.
 */
final class AesGcm {

    static final int KEY_BYTES = 32;

    private static final byte VERSION = 1;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;
    private static final int OVERHEAD = 1 + NONCE_BYTES + TAG_BITS / 8;
    private static final String TRANSFORMATION = "AES/GCM/NoPadding";
    private static final SecureRandom RANDOM = new SecureRandom();

    private AesGcm() {}

    static byte[] randomKey() {
        byte[] key = new byte[KEY_BYTES];
        RANDOM.nextBytes(key);
        return key;
    }

    /** @param context what the data belongs to: it can be opened only with the same */
    static byte[] seal(SecretKey key, byte[] clear, byte[] context) {
        byte[] nonce = new byte[NONCE_BYTES];
        RANDOM.nextBytes(nonce);
        try {
            Cipher cipher = cipher(Cipher.ENCRYPT_MODE, key, nonce, context);
            ByteBuffer sealed = ByteBuffer.allocate(OVERHEAD + clear.length);
            sealed.put(VERSION).put(nonce);
            cipher.doFinal(ByteBuffer.wrap(clear), sealed);
            return sealed.array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-256-GCM does not work in this JVM", e);
        }
    }

    /** @throws CorruptDataException when it was sealed with another key or for another context, or was changed since */
    static byte[] open(SecretKey key, byte[] sealed, byte[] context) {
        if (sealed.length < OVERHEAD || sealed[0] != VERSION) {
            throw new CorruptDataException();
        }
        byte[] nonce = new byte[NONCE_BYTES];
        System.arraycopy(sealed, 1, nonce, 0, NONCE_BYTES);
        try {
            int start = 1 + NONCE_BYTES;
            return cipher(Cipher.DECRYPT_MODE, key, nonce, context).doFinal(sealed, start, sealed.length - start);
        } catch (AEADBadTagException e) {
            throw new CorruptDataException();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("AES-256-GCM does not work in this JVM", e);
        }
    }

    private static Cipher cipher(int mode, SecretKey key, byte[] nonce, byte[] context)
            throws GeneralSecurityException {
        Cipher cipher = Cipher.getInstance(TRANSFORMATION);
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(context);
        return cipher;
    }
}
