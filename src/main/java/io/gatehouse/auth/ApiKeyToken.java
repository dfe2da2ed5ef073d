package io.gatehouse.auth;

import io.gatehouse.credentials.Sha256;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.zip.CRC32;

/**
 * An API key as it is presented: {@code gh_<prefix>_<secret>}. The prefix names the key. The secret is 43 letters and digits of
 * 32 random bytes, and 6 more of a CRC-32 of all that is before them, by which a scanner tells a key from what looks like one,
 * and a mistyped one costs no query.
 */
record ApiKeyToken(String prefix, String secret) {

    private static final String MARK = "gh_";
    private static final String DIGITS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";
    private static final String PREFIX_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz";
    private static final int PREFIX_LENGTH = 8;
    private static final int SECRET_BYTES = 32;
    private static final int SECRET_LENGTH = 43;
    private static final int CHECKSUM_LENGTH = 6;
    private static final Pattern FORM = Pattern.compile(
            MARK + "([0-9a-z]{" + PREFIX_LENGTH + "})_([0-9A-Za-z]{" + (SECRET_LENGTH + CHECKSUM_LENGTH) + "})");
    private static final SecureRandom RANDOM = new SecureRandom();

    static ApiKeyToken generate() {
        var prefix = new StringBuilder();
        for (int i = 0; i < PREFIX_LENGTH; i++) {
            prefix.append(PREFIX_DIGITS.charAt(RANDOM.nextInt(PREFIX_DIGITS.length())));
        }
        return generate(prefix.toString());
    }

    /** One that is named so. */
    static ApiKeyToken generate(String prefix) {
        var random = new byte[SECRET_BYTES];
        RANDOM.nextBytes(random);
        var secret = text(new BigInteger(1, random), SECRET_LENGTH);
        return new ApiKeyToken(prefix, secret + checksum(prefix, secret));
    }

    /** Whether it is meant as an API key, be it a good one or not. */
    static boolean looksLikeOne(String token) {
        return token.startsWith(MARK);
    }

    /** Empty if it is none that was ever generated. */
    static Optional<ApiKeyToken> parse(String token) {
        var form = FORM.matcher(token);
        if (!form.matches()) {
            return Optional.empty();
        }
        var parsed = new ApiKeyToken(form.group(1), form.group(2));
        return parsed.secret.substring(SECRET_LENGTH).equals(checksum(parsed.prefix, parsed.secret.substring(0, SECRET_LENGTH)))
                ? Optional.of(parsed) : Optional.empty();
    }

    /** As it is presented. */
    String text() {
        return MARK + prefix + "_" + secret;
    }

    byte[] hash() {
        return Sha256.of(text());
    }

    private static String checksum(String prefix, String secret) {
        var crc = new CRC32();
        crc.update((MARK + prefix + "_" + secret).getBytes(StandardCharsets.US_ASCII));
        return text(BigInteger.valueOf(crc.getValue()), CHECKSUM_LENGTH);
    }

    private static String text(BigInteger number, int length) {
        var text = new StringBuilder();
        var rest = number;
        var base = BigInteger.valueOf(DIGITS.length());
        for (int i = 0; i < length; i++) {
            var parts = rest.divideAndRemainder(base);
            text.append(DIGITS.charAt(parts[1].intValue()));
            rest = parts[0];
        }
        return text.reverse().toString();
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "ApiKeyToken[" + prefix + "]";
    }
}
