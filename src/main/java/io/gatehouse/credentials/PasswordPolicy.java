package io.gatehouse.credentials;

import io.gatehouse.platform.Problem;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Locale;
import java.util.Optional;

/**
 * Which new passwords are taken: long enough, none of the common ones (also not with digits and punctuation around), and
 * without the user's name. No rules about kinds of characters, and no expiry (NIST SP 800-63B section 5.1.1.2).
 */
@Singleton
public final class PasswordPolicy {

    static final int MAX_BYTES = 1024;
    private static final int SHORTEST_NAME_LOOKED_FOR = 3;
    /** Letters and digits that cannot be mistaken for each other; 24 of these 56 are 139 bits. */
    private static final String ALPHABET = "ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnpqrstuvwxyz23456789";
    private static final int GENERATED_LENGTH = 24;

    private final int minLength;
    private final SecureRandom random = new SecureRandom();

    PasswordPolicy(PasswordRules rules) {
        minLength = rules.orFail().minLength();
    }

    /**
     * @param field    the password's name in the request, for the refusal
     * @param username whose password it shall be; names shorter than 3 characters may occur in it
     * @throws Problem that tells the broken rule, not the password
     */
    public void check(String field, String username, String password) {
        brokenRule(username, password).ifPresent(rule -> {
            throw Problem.invalidSecret(field, rule);
        });
    }

    /** A random password of at least 24 letters and digits, with more than 128 bits. */
    public String generate() {
        return generate("");
    }

    /** A random password that {@link #check} takes for this user. */
    public String generate(String username) {
        while (true) {
            var password = random.ints(Math.max(GENERATED_LENGTH, minLength), 0, ALPHABET.length())
                    .map(ALPHABET::charAt)
                    .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
                    .toString();
            if (brokenRule(username, password).isEmpty()) {
                return password;
            }
        }
    }

    private Optional<String> brokenRule(String username, String password) {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(password) || password.indexOf('\0') >= 0) {
            return Optional.of("The password must be valid Unicode text without NUL.");
        }
        if (password.getBytes(StandardCharsets.UTF_8).length > MAX_BYTES) {
            return Optional.of("The password must not be longer than " + MAX_BYTES + " bytes.");
        }
        if (password.codePointCount(0, password.length()) < minLength) {
            return Optional.of("The password must have at least " + minLength + " characters.");
        }
        if (username.length() >= SHORTEST_NAME_LOOKED_FOR
                && password.toLowerCase(Locale.ROOT).contains(username.toLowerCase(Locale.ROOT))) {
            return Optional.of("The password must not contain the user name.");
        }
        if (CommonPasswords.isCommon(password)) {
            return Optional.of("The password is too common: it is among those that are tried first.");
        }
        return Optional.empty();
    }
}
