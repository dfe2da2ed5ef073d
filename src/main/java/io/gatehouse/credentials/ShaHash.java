package io.gatehouse.credentials;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * A SHA-1 or SHA-2 hash of password and salt, with a tag in the manner of RFC 2307: {@code {SSHA}}, {@code {SSHA256}},
 * {@code {SSHA384}}, {@code {SSHA512}}, then Base64 of hash and salt; without the first S there is no salt. One round only: such a
 * hash keeps nobody from trying passwords who has it.
 */
record ShaHash(String algorithm, byte[] hash, byte[] salt) implements PasswordHash {

    private static final int MAX_SALT_BYTES = 64;

    private static final Pattern FORM = Pattern.compile("\\{(S?)SHA(256|384|512)?}(.*)", Pattern.CASE_INSENSITIVE | Pattern.DOTALL);

    /** @return nothing if it is of another form */
    static Optional<ShaHash> parse(String text) throws HashRefused {
        var match = FORM.matcher(text);
        if (!match.matches()) {
            return Optional.empty();
        }
        var size = match.group(2);
        var algorithm = size == null ? "SHA-1" : "SHA-" + size;
        int hashBytes = digest(algorithm).getDigestLength();
        boolean salted = !match.group(1).isEmpty();
        var name = "{" + match.group(1).toUpperCase(Locale.ROOT) + "SHA" + (size == null ? "" : size) + "}";
        var bytes = HashBytes.PADDED.decode(name, "what follows", match.group(3), salted ? hashBytes + 1 : hashBytes,
                salted ? hashBytes + MAX_SALT_BYTES : hashBytes);
        return Optional.of(new ShaHash(algorithm, Arrays.copyOf(bytes, hashBytes), Arrays.copyOfRange(bytes, hashBytes, bytes.length)));
    }

    @Override
    public boolean verify(byte[] password) {
        var digest = digest(algorithm);
        digest.update(password);
        return MessageDigest.isEqual(digest.digest(salt), hash);
    }

    @Override
    public int memoryKib() {
        return 0;
    }

    @Override
    public String toString() {
        return "ShaHash[" + algorithm + "]";
    }

    private static MessageDigest digest(String algorithm) {
        try {
            return MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
