package io.gatehouse.ldap;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;

/** BER (X.690) without any check, to write what no client library would. */
final class HostileBer {

    static final int SEQUENCE = 0x30;
    static final int INTEGER = 0x02;
    static final int OCTET_STRING = 0x04;

    private HostileBer() {}

    static byte[] element(int tag, byte[]... contents) {
        byte[] value = concatenated(contents);
        return concatenated(new byte[] {(byte) tag}, length(value.length), value);
    }

    static byte[] octets(String value) {
        return element(OCTET_STRING, value.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] message(int messageId, byte[] protocolOp) {
        return element(SEQUENCE, messageId(messageId), protocolOp);
    }

    static byte[] message(int messageId, byte[] protocolOp, byte[] controls) {
        return element(SEQUENCE, messageId(messageId), protocolOp, controls);
    }

    private static byte[] messageId(int messageId) {
        return element(INTEGER, BigInteger.valueOf(messageId).toByteArray());
    }

    /** {@code core} in {@code depth} elements of that tag, written from the inside out. */
    static byte[] nested(int tag, int depth, byte[] core) {
        byte[] reversed = new byte[core.length + 6 * depth];
        int end = reversed.length;
        int start = end - core.length;
        System.arraycopy(core, 0, reversed, start, core.length);
        for (int level = 0; level < depth; level++) {
            byte[] length = length(end - start);
            start -= length.length;
            System.arraycopy(length, 0, reversed, start, length.length);
            reversed[--start] = (byte) tag;
        }
        return Arrays.copyOfRange(reversed, start, end);
    }

    /** The shortest definite form. */
    private static byte[] length(int length) {
        if (length < 0x80) {
            return new byte[] {(byte) length};
        }
        byte[] octets = BigInteger.valueOf(length).toByteArray();
        byte[] unsigned = octets[0] == 0 ? Arrays.copyOfRange(octets, 1, octets.length) : octets;
        return concatenated(new byte[] {(byte) (0x80 | unsigned.length)}, unsigned);
    }

    static byte[] concatenated(byte[]... parts) {
        ByteArrayOutputStream whole = new ByteArrayOutputStream();
        for (byte[] part : parts) {
            whole.writeBytes(part);
        }
        return whole.toByteArray();
    }

    /** Spaces are for the reader. */
    static byte[] hex(String digits) {
        return HexFormat.of().parseHex(digits.replace(" ", ""));
    }
}
