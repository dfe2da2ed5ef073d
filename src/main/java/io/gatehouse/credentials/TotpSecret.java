package io.gatehouse.credentials;

import com.eatthepath.otp.HmacOneTimePasswordGenerator;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalLong;
import java.util.regex.Pattern;
import javax.crypto.spec.SecretKeySpec;
import org.apache.commons.codec.binary.Base32;

/**
 * What an authenticator app and the server share (TOTP, RFC 6238), with the parameters that all apps know: HMAC-SHA-1, six
 * digits, 30 seconds.
 *
 * @param bytes not copied; nobody may change them
 */
public record TotpSecret(byte[] bytes) {

    /** How long each code lasts. */
    public static final Duration STEP = Duration.ofSeconds(30);

    /** As long as the output of the hash (RFC 4226 section 4, R6). */
    private static final int LENGTH = 20;
    private static final int DIGITS = 6;
    /** How many steps a clock may be wrong, either way (RFC 6238 section 5.2). */
    private static final int DRIFT = 1;
    private static final Pattern CODE = Pattern.compile("[0-9]{" + DIGITS + "}");
    private static final SecureRandom RANDOM = new SecureRandom();

    public static TotpSecret generate() {
        var bytes = new byte[LENGTH];
        RANDOM.nextBytes(bytes);
        return new TotpSecret(bytes);
    }

    public static boolean looksLikeCode(String text) {
        return CODE.matcher(text).matches();
    }

    /** @return the number since 1970 of the step whose code it is, of those around that time; empty if it is of none of them */
    public OptionalLong step(String code, Instant now) {
        if (!looksLikeCode(code)) {
            return OptionalLong.empty();
        }
        long present = Math.floorDiv(now.getEpochSecond(), STEP.toSeconds());
        var found = OptionalLong.empty();
        for (long step = present - DRIFT; step <= present + DRIFT; step++) {
            if (MessageDigest.isEqual(code(step).getBytes(StandardCharsets.US_ASCII), code.getBytes(StandardCharsets.US_ASCII))) {
                found = OptionalLong.of(step);
            }
        }
        return found;
    }

    /** For people to type into an app. */
    public String base32() {
        return new Base32().encodeAsString(bytes);
    }

    /** As apps read it from a QR code. */
    public String uri(String issuer, String account) {
        return "otpauth://totp/" + encode(issuer) + ":" + encode(account) + "?secret=" + base32() + "&issuer=" + encode(issuer)
                + "&algorithm=SHA1&digits=" + DIGITS + "&period=" + STEP.toSeconds();
    }

    String code(long step) {
        try {
            return new HmacOneTimePasswordGenerator(DIGITS).generateOneTimePasswordString(new SecretKeySpec(bytes, "RAW"), step);
        } catch (InvalidKeyException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    /** Without the secret. */
    @Override
    public String toString() {
        return "TotpSecret[]";
    }
}
