package io.gatehouse.credentials;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.commons.codec.digest.Md5Crypt;
import org.apache.commons.codec.digest.Sha2Crypt;

/**
 * A hash of crypt(3) as {@code /etc/shadow} has it: {@code $1$} of MD5, {@code $5$} of SHA-256 and {@code $6$} of SHA-512, the latter
 * two with or without {@code rounds=}.
 *
 * @param settings all up to the last dollar sign
 */
record CryptHash(char kind, String settings, String text) implements PasswordHash {

    private static final String NAME = "crypt";
    private static final int MIN_ROUNDS = 1000;
    private static final int MAX_ROUNDS = 1_000_000;
    /** libxcrypt takes no longer ones either (CRYPT_MAX_PASSPHRASE_SIZE); each round hashes the whole password. */
    private static final int MAX_PASSWORD_BYTES = 512;

    private static final Pattern FORM = Pattern.compile(
            "(\\$(?:1|[56](?:\\$rounds=([1-9]\\d{0,8}))?)\\$[./0-9A-Za-z]{1,16}\\$)([./0-9A-Za-z]+)");

    /** @return nothing if it is of another form */
    static Optional<CryptHash> parse(String text) throws HashRefused {
        if (!text.startsWith("$1$") && !text.startsWith("$5$") && !text.startsWith("$6$")) {
            return Optional.empty();
        }
        char kind = text.charAt(1);
        var match = FORM.matcher(text);
        if (!match.matches() || match.group(1).length() > maxSettings(kind) || match.group(3).length() != hashLength(kind)) {
            throw HashRefused.damaged(NAME, "it is not $" + kind + "$SALT$HASH of the right lengths.");
        }
        if (match.group(2) != null) {
            int rounds = Integer.parseInt(match.group(2));
            if (rounds < MIN_ROUNDS) {
                throw HashRefused.damaged(NAME, "it has less than " + MIN_ROUNDS + " rounds.");
            }
            if (rounds > MAX_ROUNDS) {
                throw HashRefused.tooCostly(NAME, MAX_ROUNDS + " rounds");
            }
        }
        return Optional.of(new CryptHash(kind, match.group(1), text));
    }

    /** A password of more than 512 bytes is never right. */
    @Override
    public boolean verify(byte[] password) {
        if (password.length > MAX_PASSWORD_BYTES) {
            return false;
        }
        return MessageDigest.isEqual(ascii(hashed(password)), ascii(text));
    }

    private String hashed(byte[] password) {
        // The library wipes what it is given, on some ways out.
        var copy = password.clone();
        try {
            return switch (kind) {
                case '1' -> Md5Crypt.md5Crypt(copy, settings);
                case '5' -> Sha2Crypt.sha256Crypt(copy, settings);
                default -> Sha2Crypt.sha512Crypt(copy, settings);
            };
        } finally {
            Arrays.fill(copy, (byte) 0);
        }
    }

    @Override
    public int memoryKib() {
        return 0;
    }

    private static int maxSettings(char kind) {
        return kind == '1' ? "$1$8 chars.$".length() : Integer.MAX_VALUE;
    }

    private static int hashLength(char kind) {
        return switch (kind) {
            case '1' -> 22;
            case '5' -> 43;
            default -> 86;
        };
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    @Override
    public String toString() {
        return "CryptHash[" + kind + "]";
    }
}
