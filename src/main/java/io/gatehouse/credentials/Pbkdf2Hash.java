package io.gatehouse.credentials;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.Digest;
import org.bouncycastle.crypto.digests.SHA1Digest;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.digests.SHA512Digest;
import org.bouncycastle.crypto.generators.PKCS5S2ParametersGenerator;
import org.bouncycastle.crypto.params.KeyParameter;

/**
 * A PBKDF2 hash (RFC 8018 section 5.2) with HMAC of SHA-1, SHA-256 or SHA-512, in the forms of OpenLDAP
 * ({@code {PBKDF2-SHA256}ROUNDS$SALT$HASH}), Passlib ({@code $pbkdf2-sha256$ROUNDS$SALT$HASH}), the PHC string format
 * ({@code $pbkdf2-sha256$i=ROUNDS,l=BYTES$SALT$HASH}) and Django ({@code pbkdf2_sha256$ROUNDS$SALT$HASH}).
 */
record Pbkdf2Hash(Function function, int rounds, byte[] salt, byte[] hash) implements PasswordHash {

    /** The hash function below; its name as the forms have it. */
    enum Function {
        SHA1(SHA1Digest::new),
        SHA256(SHA256Digest::new),
        SHA512(SHA512Digest::new);

        private final Supplier<Digest> digest;

        Function(Supplier<Digest> digest) {
            this.digest = digest;
        }

        /** @param name null means SHA-1 */
        static Function named(String name) {
            return name == null ? SHA1 : valueOf(name.toUpperCase(Locale.ROOT));
        }
    }

    private static final String NAME = "PBKDF2";
    /** Of all blocks together. */
    private static final int MAX_ROUNDS = 3_000_000;
    /** A shorter hash would fit too many passwords. */
    private static final int MIN_HASH_BYTES = 16;
    private static final int MAX_HASH_BYTES = 256;
    private static final int MAX_SALT_BYTES = 256;

    private static final Pattern ANY = Pattern.compile(
            "(\\{pbkdf2(-sha(1|256|512))?}|\\$pbkdf2(-sha(1|256|512))?\\$|pbkdf2_sha(1|256|512)\\$).*",
            Pattern.CASE_INSENSITIVE | Pattern.DOTALL);
    private static final String ROUNDS = "([1-9]\\d{0,8})";
    private static final Pattern OPENLDAP = Pattern.compile(
            "(?i:\\{PBKDF2(?:-(SHA1|SHA256|SHA512))?})" + ROUNDS + "\\$([A-Za-z0-9./]+)\\$([A-Za-z0-9./]+)");
    private static final Pattern PASSLIB =
            Pattern.compile("\\$pbkdf2(?:-(sha1|sha256|sha512))?\\$" + ROUNDS + "\\$([A-Za-z0-9./]+)\\$([A-Za-z0-9./]+)");
    private static final Pattern PHC = Pattern.compile(
            "\\$pbkdf2(?:-(sha1|sha256|sha512))?\\$i=" + ROUNDS + "(?:,l=([1-9]\\d{0,3}))?\\$([A-Za-z0-9+/]+)\\$([A-Za-z0-9+/]+)");
    private static final Pattern DJANGO = Pattern.compile("pbkdf2_(sha1|sha256|sha512)\\$" + ROUNDS + "\\$([!-#%-~]{1," + MAX_SALT_BYTES
            + "})\\$([A-Za-z0-9+/]+={0,2})");

    /** @return nothing if it is of another form */
    static Optional<Pbkdf2Hash> parse(String text) throws HashRefused {
        if (!ANY.matcher(text).matches()) {
            return Optional.empty();
        }
        for (var form : new Pattern[] {OPENLDAP, PASSLIB}) {
            var match = form.matcher(text);
            if (match.matches()) {
                return Optional.of(of(match, saltIn(HashBytes.POINTED, match.group(3)), HashBytes.POINTED, match.group(4)));
            }
        }
        var phc = PHC.matcher(text);
        if (phc.matches()) {
            var hash = of(phc, saltIn(HashBytes.UNPADDED, phc.group(4)), HashBytes.UNPADDED, phc.group(5));
            if (phc.group(3) != null && Integer.parseInt(phc.group(3)) != hash.hash().length) {
                throw HashRefused.damaged(NAME, "it is not as long as it says.");
            }
            return Optional.of(hash);
        }
        var django = DJANGO.matcher(text);
        if (django.matches()) {
            return Optional.of(of(django, django.group(3).getBytes(StandardCharsets.US_ASCII), HashBytes.PADDED, django.group(4)));
        }
        throw HashRefused.damaged(NAME, "it is not made of rounds, salt and hash as its beginning promises.");
    }

    @Override
    public boolean verify(byte[] password) {
        var generator = new PKCS5S2ParametersGenerator(function.digest.get());
        generator.init(password, salt, rounds);
        var key = (KeyParameter) generator.generateDerivedMacParameters(hash.length * Byte.SIZE);
        return MessageDigest.isEqual(key.getKey(), hash);
    }

    @Override
    public int memoryKib() {
        return 0;
    }

    @Override
    public String toString() {
        return "Pbkdf2Hash[" + function + ", " + rounds + "]";
    }

    private static byte[] saltIn(HashBytes dialect, String text) throws HashRefused {
        return dialect.decode(NAME, "its salt", text, 1, MAX_SALT_BYTES);
    }

    private static Pbkdf2Hash of(MatchResult match, byte[] salt, HashBytes dialect, String text) throws HashRefused {
        var function = Function.named(match.group(1));
        var hash = dialect.decode(NAME, "its end", text, MIN_HASH_BYTES, MAX_HASH_BYTES);
        int rounds = Integer.parseInt(match.group(2));
        long blocks = Math.ceilDiv(hash.length, function.digest.get().getDigestSize());
        if (rounds * blocks > MAX_ROUNDS) {
            throw HashRefused.tooCostly(NAME, MAX_ROUNDS + " rounds");
        }
        return new Pbkdf2Hash(function, rounds, salt, hash);
    }
}
