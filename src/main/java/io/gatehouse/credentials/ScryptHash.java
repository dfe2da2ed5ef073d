package io.gatehouse.credentials;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.text.Normalizer;
import java.util.HexFormat;
import java.util.Optional;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.SCrypt;

/**
 * An scrypt hash (RFC 7914) in the forms of the PHC string format ({@code $scrypt$ln=14,r=8,p=1$SALT$HASH}), of better-auth
 * ({@code SALT:HASH} in hexadecimal) and of SkyPANEL ({@code HASH.SALT}). The latter two take the 32 digits of the salt as it is written,
 * not the bytes that they stand for.
 */
record ScryptHash(Maker maker, Cost cost, byte[] salt, byte[] hash) implements PasswordHash {

    /** @param n the cost parameter N, a power of two */
    record Cost(int n, int r, int p) {

        int memoryKib() {
            return Math.toIntExact((long) n * r / 8);
        }

        boolean isAffordable() {
            long blocks = (long) n * r;
            return r <= MAX_R && p <= MAX_P && blocks <= MAX_BLOCKS && blocks * p <= MAX_WORK;
        }
    }

    /** Who made it, and what that system does to a password before it is hashed. */
    enum Maker {
        /** Nothing. */
        PHC,
        /** Normalizes it to NFKC. */
        BETTER_AUTH,
        /** Refuses those of less than 8 UTF-16 units. */
        SKYPANEL
    }

    private static final String NAME = "scrypt";
    /** N times r: 128 bytes each, so 128 MiB. */
    private static final int MAX_BLOCKS = 1 << 20;
    /** N times r times p. */
    private static final int MAX_WORK = 1 << 22;
    private static final int MAX_R = 64;
    private static final int MAX_P = 64;
    private static final int MAX_LOG_N = 24;
    private static final int MIN_HASH_BYTES = 16;
    private static final int MAX_HASH_BYTES = 128;
    private static final int MAX_SALT_BYTES = 256;
    private static final int SKYPANEL_MIN_LENGTH = 8;

    private static final Pattern BETTER_AUTH = Pattern.compile("([0-9a-f]{32}):([0-9a-f]{128})");
    private static final Cost BETTER_AUTH_COST = new Cost(16_384, 16, 1);
    private static final Pattern SKYPANEL = Pattern.compile("([0-9a-f]{128})\\.([0-9a-f]{32})");
    private static final Cost SKYPANEL_COST = new Cost(16_384, 8, 1);
    private static final Pattern PHC = Pattern.compile(
            "\\$scrypt\\$ln=([1-9]\\d?),r=([1-9]\\d{0,6}),p=([1-9]\\d{0,6})\\$([A-Za-z0-9+/]+)\\$([A-Za-z0-9+/]+)");

    /** @return nothing if it is of another form */
    static Optional<ScryptHash> parse(String text) throws HashRefused {
        var betterAuth = BETTER_AUTH.matcher(text);
        if (betterAuth.matches()) {
            return Optional.of(new ScryptHash(Maker.BETTER_AUTH, BETTER_AUTH_COST, ascii(betterAuth.group(1)), hex(betterAuth.group(2))));
        }
        var skypanel = SKYPANEL.matcher(text);
        if (skypanel.matches()) {
            return Optional.of(new ScryptHash(Maker.SKYPANEL, SKYPANEL_COST, ascii(skypanel.group(2)), hex(skypanel.group(1))));
        }
        return text.startsWith("$scrypt$") ? Optional.of(phc(text)) : Optional.empty();
    }

    @Override
    public boolean verify(byte[] password) {
        return switch (maker) {
            case PHC -> isHashOf(password);
            case BETTER_AUTH -> text(password).filter(text -> isHashOf(utf8(Normalizer.normalize(text, Normalizer.Form.NFKC)))).isPresent();
            case SKYPANEL -> text(password).filter(text -> text.length() >= SKYPANEL_MIN_LENGTH && isHashOf(password)).isPresent();
        };
    }

    @Override
    public int memoryKib() {
        return cost.memoryKib();
    }

    @Override
    public String toString() {
        return "ScryptHash[" + maker + ", " + cost + "]";
    }

    private boolean isHashOf(byte[] password) {
        return MessageDigest.isEqual(SCrypt.generate(password, salt, cost.n(), cost.r(), cost.p(), hash.length), hash);
    }

    private static ScryptHash phc(String text) throws HashRefused {
        var match = PHC.matcher(text);
        if (!match.matches()) {
            throw HashRefused.damaged(NAME, "it is not $scrypt$ln=...,r=...,p=...$SALT$HASH.");
        }
        int logN = Integer.parseInt(match.group(1));
        var cost = new Cost(1 << Math.min(logN, MAX_LOG_N), Integer.parseInt(match.group(2)), Integer.parseInt(match.group(3)));
        if (logN > MAX_LOG_N || !cost.isAffordable()) {
            throw HashRefused.tooCostly(NAME, "128 MiB, four times that much to be gone over, and 64 for r and p");
        }
        if (logN >= 16 * cost.r()) {
            throw HashRefused.damaged(NAME, "its ln must be less than 16 times its r.");
        }
        return new ScryptHash(Maker.PHC, cost, HashBytes.UNPADDED.decode(NAME, "its salt", match.group(4), 1, MAX_SALT_BYTES),
                HashBytes.UNPADDED.decode(NAME, "its end", match.group(5), MIN_HASH_BYTES, MAX_HASH_BYTES));
    }

    /** Nothing if it is no UTF-8. */
    private static Optional<CharBuffer> text(byte[] password) {
        try {
            return Optional.of(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(password)));
        } catch (CharacterCodingException e) {
            return Optional.empty();
        }
    }

    private static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    private static byte[] hex(String text) {
        return HexFormat.of().parseHex(text);
    }
}
