package io.gatehouse.credentials;

import java.math.BigInteger;
import java.util.Arrays;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** The types of public keys that are taken, and what makes a key of each a sound one. */
enum SshKeyType {

    /** RFC 8709 section 4. */
    ED25519("ssh-ed25519") {
        @Override
        void check(SshWire key) throws KeyRefused {
            checkEd25519(key.string());
        }
    },

    /** RFC 5656 section 3.1. */
    ECDSA_P256("ecdsa-sha2-nistp256") {
        @Override
        void check(SshWire key) throws KeyRefused {
            checkPoint(NistCurve.P256, key);
        }
    },

    ECDSA_P384("ecdsa-sha2-nistp384") {
        @Override
        void check(SshWire key) throws KeyRefused {
            checkPoint(NistCurve.P384, key);
        }
    },

    ECDSA_P521("ecdsa-sha2-nistp521") {
        @Override
        void check(SshWire key) throws KeyRefused {
            checkPoint(NistCurve.P521, key);
        }
    },

    /** OpenSSH's PROTOCOL.u2f: as without "sk-", and the application that the security key made it for. */
    SK_ED25519("sk-ssh-ed25519@openssh.com") {
        @Override
        void check(SshWire key) throws KeyRefused {
            checkEd25519(key.string());
            checkApplication(key.text());
        }
    },

    SK_ECDSA_P256("sk-ecdsa-sha2-nistp256@openssh.com") {
        @Override
        void check(SshWire key) throws KeyRefused {
            checkPoint(NistCurve.P256, key);
            checkApplication(key.text());
        }
    },

    /** RFC 4253 section 6.6. */
    RSA("ssh-rsa") {
        @Override
        void check(SshWire key) throws KeyRefused {
            var exponent = key.positive();
            var modulus = key.positive();
            int bits = modulus.bitLength();
            if (bits < MIN_RSA_BITS) {
                throw new KeyRefused("The RSA key is too weak: it has " + bits + " bits, and needs at least " + MIN_RSA_BITS + ".");
            }
            if (bits > MAX_RSA_BITS) {
                throw new KeyRefused("The RSA key has " + bits + " bits; OpenSSH takes at most " + MAX_RSA_BITS + ".");
            }
            if (!modulus.testBit(0)) {
                throw new KeyRefused("The RSA key is no real one: its modulus is even.");
            }
            if (!exponent.testBit(0) || exponent.bitLength() < 2 || exponent.bitLength() > MAX_EXPONENT_BITS) {
                throw new KeyRefused("The RSA key is no real one: its exponent must be odd, at least 3 and at most "
                        + MAX_EXPONENT_BITS + " bits long.");
            }
        }
    };

    private static final int MIN_RSA_BITS = 2048;
    private static final int MAX_RSA_BITS = 16_384;
    /** FIPS 186-5 section 5.1. */
    private static final int MAX_EXPONENT_BITS = 256;
    private static final int ED25519_BYTES = 32;
    private static final int SIGN_OF_X = 0x7f;
    private static final BigInteger ED25519_PRIME = BigInteger.TWO.pow(255).subtract(BigInteger.valueOf(19));
    private static final BigInteger ORDER_EIGHT =
            new BigInteger("05fc536d880238b13933c6d305acdfd5f098eff289f4c345b027b2c28f95e826", 16);

    /** The y coordinates of the eight points of small order (RFC 8032 section 5.1): anybody can sign for such a key. */
    private static final Set<BigInteger> SMALL_ORDER = Set.of(
            BigInteger.ZERO,
            BigInteger.ONE,
            ED25519_PRIME.subtract(BigInteger.ONE),
            ORDER_EIGHT,
            ED25519_PRIME.subtract(ORDER_EIGHT));

    private final String name;

    SshKeyType(String name) {
        this.name = name;
    }

    /** Reads the part of the blob after the type's name. */
    abstract void check(SshWire key) throws KeyRefused;

    String wireName() {
        return name;
    }

    static Optional<SshKeyType> named(String name) {
        return Arrays.stream(values()).filter(type -> type.name.equals(name)).findFirst();
    }

    static String allNames() {
        return Arrays.stream(values()).map(SshKeyType::wireName).collect(Collectors.joining(", "));
    }

    private static void checkEd25519(byte[] point) throws KeyRefused {
        if (point.length != ED25519_BYTES) {
            throw new KeyRefused("The Ed25519 key is malformed: it has " + point.length + " bytes instead of " + ED25519_BYTES + ".");
        }
        var bigEndian = new byte[ED25519_BYTES];
        for (int i = 0; i < ED25519_BYTES; i++) {
            bigEndian[i] = point[ED25519_BYTES - 1 - i];
        }
        bigEndian[0] &= SIGN_OF_X;
        if (SMALL_ORDER.contains(new BigInteger(1, bigEndian).mod(ED25519_PRIME))) {
            throw new KeyRefused("The Ed25519 key is no real one: its point has a small order, so anybody could log in with it.");
        }
    }

    private static void checkPoint(NistCurve curve, SshWire key) throws KeyRefused {
        var named = key.text();
        if (!named.equals(curve.sshName())) {
            throw new KeyRefused("The ECDSA key is malformed: its curve is not " + curve.sshName() + ", which its type names.");
        }
        curve.check(key.string());
    }

    private static void checkApplication(String application) throws KeyRefused {
        if (application.isEmpty() || !application.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new KeyRefused("The security key's application is missing or malformed (it is ssh: most of the time).");
        }
    }
}
