package io.gatehouse.directory;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Writes definite-length BER (X.690; RFC 4511 section 5.1) into a buffer that grows. */
public final class BerWriter {

    public static final byte OCTET_STRING = 0x04;
    public static final byte SEQUENCE = 0x30;
    public static final byte SET = 0x31;

    private byte[] buffer;
    private int length;

    public BerWriter(int capacity) {
        buffer = new byte[capacity];
    }

    public int length() {
        return length;
    }

    /** The buffer itself, valid up to {@link #length()}, until the next write. */
    public byte[] buffer() {
        return buffer;
    }

    public byte[] toByteArray() {
        return Arrays.copyOf(buffer, length);
    }

    public void clear() {
        length = 0;
    }

    /** Tag and length of an element whose content follows. */
    public BerWriter header(byte tag, int contentLength) {
        ensure(6);
        buffer[length++] = tag;
        if (contentLength < 0x80) {
            buffer[length++] = (byte) contentLength;
        } else {
            int bytes = (Integer.SIZE - Integer.numberOfLeadingZeros(contentLength) + 7) / 8;
            buffer[length++] = (byte) (0x80 | bytes);
            for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) {
                buffer[length++] = (byte) (contentLength >>> shift);
            }
        }
        return this;
    }

    public BerWriter octetString(String value) {
        return octetString(value.getBytes(StandardCharsets.UTF_8));
    }

    public BerWriter octetString(byte[] value) {
        return header(OCTET_STRING, value.length).raw(value, 0, value.length);
    }

    /** A non-negative INTEGER. */
    public BerWriter integer(int value) {
        int bytes = integerLength(value) - 2;
        header((byte) 0x02, bytes);
        for (int shift = (bytes - 1) * 8; shift >= 0; shift -= 8) {
            buffer[length++] = (byte) (value >>> shift);
        }
        return this;
    }

    /** The length of a whole INTEGER element. */
    public static int integerLength(int value) {
        return 2 + (Integer.SIZE - Integer.numberOfLeadingZeros(value)) / 8 + 1;
    }

    public BerWriter raw(byte[] bytes, int offset, int count) {
        ensure(count);
        System.arraycopy(bytes, offset, buffer, length, count);
        length += count;
        return this;
    }

    /** A PartialAttribute (RFC 4511 section 4.1.7). */
    public BerWriter attribute(String type, Iterable<byte[]> values) {
        int valueBytes = 0;
        for (var value : values) {
            valueBytes += elementLength(value.length);
        }
        int typeLength = type.length();
        header(SEQUENCE, elementLength(typeLength) + elementLength(valueBytes));
        octetString(type);
        header(SET, valueBytes);
        for (var value : values) {
            octetString(value);
        }
        return this;
    }

    /** The length of a whole element with this much content. */
    public static int elementLength(int contentLength) {
        if (contentLength < 0x80) {
            return 2 + contentLength;
        }
        return 2 + (Integer.SIZE - Integer.numberOfLeadingZeros(contentLength) + 7) / 8 + contentLength;
    }

    private void ensure(int more) {
        if (buffer.length - length < more + 8) {
            buffer = Arrays.copyOf(buffer, Math.max(buffer.length * 2, length + more + 64));
        }
    }
}
