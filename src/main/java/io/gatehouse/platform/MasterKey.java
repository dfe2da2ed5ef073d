package io.gatehouse.platform;

import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import javax.crypto.Cipher;
import javax.crypto.Mac;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** Encrypts what must be read back from the database (AES-256-GCM), and derives secrets that need no storage (HMAC-SHA-256). */
@Singleton
public final class MasterKey {

    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final byte[] key;
    private final SecureRandom random = new SecureRandom();

    MasterKey(PlatformConfiguration configuration, DataDirectory data) {
        key = load(configuration, data);
    }

    /** @param context what the secret is and whose; the same is needed to decrypt */
    public byte[] encrypt(byte[] secret, String context) {
        var nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            var cipher = cipher(Cipher.ENCRYPT_MODE, nonce, context);
            var sealed = new byte[NONCE_BYTES + cipher.getOutputSize(secret.length)];
            System.arraycopy(nonce, 0, sealed, 0, NONCE_BYTES);
            cipher.doFinal(secret, 0, secret.length, sealed, NONCE_BYTES);
            return sealed;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** @throws IllegalStateException if it was encrypted with another key or context, or was changed */
    public byte[] decrypt(byte[] sealed, String context) {
        var nonce = Arrays.copyOf(sealed, NONCE_BYTES);
        try {
            return cipher(Cipher.DECRYPT_MODE, nonce, context).doFinal(sealed, NONCE_BYTES, sealed.length - NONCE_BYTES);
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("A stored secret cannot be decrypted with this master key (" + context + ")", e);
        }
    }

    /** A secret of 32 bytes that every node with this master key derives alike. */
    public byte[] derive(String purpose) {
        return hmac("derive:" + purpose);
    }

    private Cipher cipher(int mode, byte[] nonce, String context) throws GeneralSecurityException {
        var cipher = Cipher.getInstance("AES/GCM/NoPadding");
        cipher.init(mode, new SecretKeySpec(key, "AES"), new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(context.getBytes(StandardCharsets.UTF_8));
        return cipher;
    }

    private byte[] hmac(String message) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(key, "HmacSHA256"));
            return mac.doFinal(message.getBytes(StandardCharsets.UTF_8));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static byte[] load(PlatformConfiguration configuration, DataDirectory data) {
        if (configuration.masterKey() != null) {
            return decode(configuration.masterKey(), "GATEHOUSE_MASTER_KEY");
        }
        var generated = data.resolve("master.key");
        var file = configuration.masterKeyFile() == null ? generated : configuration.masterKeyFile();
        try {
            if (file.equals(generated) && !Files.exists(file)) {
                var fresh = new byte[KEY_BYTES];
                new SecureRandom().nextBytes(fresh);
                data.writeSecret(file, Base64.getEncoder().encode(fresh));
            }
            return decode(Files.readString(file), file.toString());
        } catch (IOException e) {
            throw new StartupFailure("Cannot read the master key file " + file + ". It must exist and be readable by this user; "
                    + "check GATEHOUSE_MASTER_KEY_FILE, or unset it for a generated one.", e);
        }
    }

    private static byte[] decode(String text, String source) {
        try {
            var decoded = Base64.getDecoder().decode(text.strip());
            if (decoded.length == KEY_BYTES) {
                return decoded;
            }
        } catch (IllegalArgumentException notBase64) {
            // told below
        }
        throw new StartupFailure(source + " does not hold a master key: 32 bytes in Base64 are needed (openssl rand -base64 32).");
    }
}
