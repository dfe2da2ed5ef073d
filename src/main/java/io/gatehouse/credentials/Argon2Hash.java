package io.gatehouse.credentials;

import java.util.Optional;
import java.util.regex.Pattern;

/**
 * An argon2 hash: the PHC string {@code $argon2id$v=19$m=KIB,t=PASSES,p=LANES$SALT$HASH}, with salt and hash in Base64 without
 * padding. Type and version may be others in hashes of other systems: {@code argon2i}, {@code argon2d}, and the version 16, which
 * is meant when none is named.
 *
 * @param type      {@code id}, {@code i} or {@code d}
 * @param version   19 for 1.3 of RFC 9106, 16 for the 1.0 before it
 * @param saltBytes length of the salt in bytes
 * @param hashBytes length of the hash in bytes
 */
record Argon2Hash(String phc, String type, int version, Argon2Parameters parameters, int saltBytes, int hashBytes)
        implements PasswordHash {

    /** What is made today (RFC 9106 section 3.1 recommends 16 bytes of salt; 32 bytes of hash are 256 bits). */
    static final int SALT_BYTES = 16;
    static final int HASH_BYTES = 32;

    private static final String NAME = "argon2";
    private static final int MIN_BYTES = 8;
    private static final int MAX_BYTES = 64;
    private static final int FIRST_VERSION = 16;

    // The numbers have no leading zeros and fit an int.
    private static final Pattern FORM = Pattern.compile("\\$argon2(id|i|d)\\$(?:v=(16|19)\\$)?"
            + "m=([1-9]\\d{0,8}),t=([1-9]\\d{0,8}),p=([1-9]\\d{0,8})\\$([A-Za-z0-9+/]+)\\$([A-Za-z0-9+/]+)");

    /** @return nothing if it is of another form */
    static Optional<Argon2Hash> parse(String phc) throws HashRefused {
        if (!phc.startsWith("$argon2")) {
            return Optional.empty();
        }
        var match = FORM.matcher(phc);
        if (!match.matches()) {
            throw HashRefused.damaged(NAME, "it is not $argon2id$v=19$m=...,t=...,p=...$SALT$HASH, nor that with argon2i, argon2d or v=16.");
        }
        var parameters = new Argon2Parameters(
                Integer.parseInt(match.group(3)), Integer.parseInt(match.group(4)), Integer.parseInt(match.group(5)));
        if (!parameters.isPossible()) {
            throw HashRefused.damaged(NAME, "it has less than 8 KiB for each lane.");
        }
        if (!parameters.isAffordable()) {
            throw HashRefused.tooCostly(NAME, Argon2Parameters.CEILINGS);
        }
        var salt = HashBytes.UNPADDED.decode(NAME, "its salt", match.group(6), MIN_BYTES, MAX_BYTES);
        var hash = HashBytes.UNPADDED.decode(NAME, "its end", match.group(7), MIN_BYTES, MAX_BYTES);
        int version = match.group(2) == null ? FIRST_VERSION : Integer.parseInt(match.group(2));
        return Optional.of(new Argon2Hash(phc, match.group(1), version, parameters, salt.length, hash.length));
    }

    /** One as it is made today. */
    static Argon2Hash of(Argon2Parameters parameters, byte[] salt, byte[] hash) {
        var phc = "$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s".formatted(parameters.memoryKib(), parameters.iterations(),
                parameters.parallelism(), HashBytes.UNPADDED.encode(salt), HashBytes.UNPADDED.encode(hash));
        return new Argon2Hash(phc, "id", 19, parameters, salt.length, hash.length);
    }

    boolean isMadeWith(Argon2Parameters present) {
        return type.equals("id") && version == 19 && parameters.equals(present) && saltBytes == SALT_BYTES && hashBytes == HASH_BYTES;
    }

    /** @throws LinkageError if the native library cannot be loaded */
    @Override
    public boolean verify(byte[] password) {
        var argon2 = switch (type) {
            case "i" -> NativeArgon2.ARGON2I;
            case "d" -> NativeArgon2.ARGON2D;
            default -> NativeArgon2.ARGON2ID;
        };
        return argon2.verify(phc, password);
    }

    @Override
    public int memoryKib() {
        return parameters.memoryKib();
    }

    @Override
    public String toString() {
        return "Argon2Hash[" + type + ", " + version + ", " + parameters + "]";
    }
}
