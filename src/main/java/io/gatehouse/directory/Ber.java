package io.gatehouse.directory;

/** Finds its way in BER that {@link BerWriter} wrote: one-byte tags, definite lengths. */
public final class Ber {

    private Ber() {
    }

    /** Where the content of the element at this offset starts. */
    static int contentOffset(byte[] buffer, int offset) {
        int first = buffer[offset + 1];
        return offset + 2 + (first < 0 ? first & 0x7f : 0);
    }

    static int contentLength(byte[] buffer, int offset) {
        int first = buffer[offset + 1];
        if (first >= 0) {
            return first;
        }
        int length = 0;
        for (int i = 0; i < (first & 0x7f); i++) {
            length = length << 8 | buffer[offset + 2 + i] & 0xff;
        }
        return length;
    }

    /** The offset behind the element at this offset. */
    public static int end(byte[] buffer, int offset) {
        return contentOffset(buffer, offset) + contentLength(buffer, offset);
    }
}
