package io.gatehouse.credentials;

import java.util.Base64;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An argon2id hash as it is stored: the PHC string {@code $argon2id$v=19$m=KIB,t=PASSES,p=LANES$SALT$HASH}, of version 1.3,
 * with salt and hash in Base64 without padding.
 *
 * @param saltBytes length of the salt in bytes
 * @param hashBytes length of the hash in bytes
 */
record Argon2Hash(String phc, Argon2Parameters parameters, int saltBytes, int hashBytes) {

    /** What is made today (RFC 9106 section 3.1 recommends 16 bytes of salt; 32 bytes of hash are 256 bits). */
    static final int SALT_BYTES = 16;
    static final int HASH_BYTES = 32;

    // Salt and hash of 8 to 64 bytes; the numbers have no leading zeros and fit an int.
    private static final Pattern FORM = Pattern.compile(
            "\\$argon2id\\$v=19\\$m=([1-9]\\d{0,8}),t=([1-9]\\d{0,8}),p=([1-9]\\d{0,8})\\$([A-Za-z0-9+/]{11,86})\\$([A-Za-z0-9+/]{11,86})");

    /** @return nothing if it is no argon2id hash, or one that costs too much to check */
    static Optional<Argon2Hash> parse(String phc) {
        var match = FORM.matcher(phc);
        if (!match.matches()) {
            return Optional.empty();
        }
        var parameters = new Argon2Parameters(
                Integer.parseInt(match.group(1)), Integer.parseInt(match.group(2)), Integer.parseInt(match.group(3)));
        if (!parameters.isAffordable()) {
            return Optional.empty();
        }
        return Optional.of(new Argon2Hash(phc, parameters, decodedLength(match.group(4)), decodedLength(match.group(5))));
    }

    static String format(Argon2Parameters parameters, byte[] salt, byte[] hash) {
        var base64 = Base64.getEncoder().withoutPadding();
        return "$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s".formatted(parameters.memoryKib(), parameters.iterations(),
                parameters.parallelism(), base64.encodeToString(salt), base64.encodeToString(hash));
    }

    boolean isMadeWith(Argon2Parameters present) {
        return parameters.equals(present) && saltBytes == SALT_BYTES && hashBytes == HASH_BYTES;
    }

    private static int decodedLength(String unpaddedBase64) {
        return unpaddedBase64.length() * 6 / 8;
    }

    @Override
    public String toString() {
        return "Argon2Hash[" + parameters + "]";
    }
}
