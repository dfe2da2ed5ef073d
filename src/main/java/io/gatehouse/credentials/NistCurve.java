package io.gatehouse.credentials;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.util.Arrays;

/** The curves of RFC 5656 section 10.1. Their cofactor is 1, so each point on one but infinity has the full order. */
enum NistCurve {

    P256("nistp256", "secp256r1"),
    P384("nistp384", "secp384r1"),
    P521("nistp521", "secp521r1");

    /** SEC 1 section 2.3.3: first byte of a point with both coordinates. */
    private static final byte UNCOMPRESSED = 4;

    private final String sshName;
    private final BigInteger prime;
    private final BigInteger a;
    private final BigInteger b;

    NistCurve(String sshName, String secName) {
        this.sshName = sshName;
        try {
            var parameters = AlgorithmParameters.getInstance("EC");
            parameters.init(new ECGenParameterSpec(secName));
            var curve = parameters.getParameterSpec(ECParameterSpec.class).getCurve();
            prime = ((ECFieldFp) curve.getField()).getP();
            a = curve.getA();
            b = curve.getB();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    String sshName() {
        return sshName;
    }

    void check(byte[] point) throws KeyRefused {
        int size = (prime.bitLength() + Byte.SIZE - 1) / Byte.SIZE;
        if (point.length != 1 + 2 * size || point[0] != UNCOMPRESSED) {
            throw new KeyRefused("The ECDSA key is malformed: its point must be uncompressed, of " + (1 + 2 * size) + " bytes.");
        }
        var x = new BigInteger(1, Arrays.copyOfRange(point, 1, 1 + size));
        var y = new BigInteger(1, Arrays.copyOfRange(point, 1 + size, point.length));
        var right = x.multiply(x).add(a).multiply(x).add(b);
        if (x.compareTo(prime) >= 0 || y.compareTo(prime) >= 0 || !y.multiply(y).subtract(right).mod(prime).equals(BigInteger.ZERO)) {
            throw new KeyRefused("The ECDSA key is no real one: its point is not on the curve " + sshName + ".");
        }
    }
}
