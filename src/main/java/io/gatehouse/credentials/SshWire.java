package io.gatehouse.credentials;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Reads the data types of RFC 4251 section 5 from a public key blob. */
final class SshWire {

    private final ByteBuffer blob;

    SshWire(byte[] blob) {
        this.blob = ByteBuffer.wrap(blob);
    }

    byte[] string() throws KeyRefused {
        if (blob.remaining() < Integer.BYTES) {
            throw truncated();
        }
        int length = blob.getInt();
        if (length < 0 || length > blob.remaining()) {
            throw truncated();
        }
        var bytes = new byte[length];
        blob.get(bytes);
        return bytes;
    }

    /** A string of names and the like; bytes that are no ASCII come out as characters that no name holds. */
    String text() throws KeyRefused {
        return new String(string(), StandardCharsets.US_ASCII);
    }

    /** A multiple precision integer that is above zero and has no leading bytes too many. */
    BigInteger positive() throws KeyRefused {
        var bytes = string();
        var value = bytes.length == 0 ? BigInteger.ZERO : new BigInteger(bytes);
        if (value.signum() <= 0) {
            throw new KeyRefused("The key is malformed: one of its numbers is not positive.");
        }
        if (value.toByteArray().length != bytes.length) {
            throw new KeyRefused("The key is malformed: one of its numbers has needless leading bytes.");
        }
        return value;
    }

    void end() throws KeyRefused {
        if (blob.hasRemaining()) {
            throw new KeyRefused("The key is malformed: " + blob.remaining() + " bytes follow after its end.");
        }
    }

    private static KeyRefused truncated() {
        return new KeyRefused("The key is malformed or cut off: its end is missing.");
    }
}
