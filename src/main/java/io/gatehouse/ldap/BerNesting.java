package io.gatehouse.ldap;

/**
 * Walks over BER without recursion. The SDK decodes filters recursively, one stack frame a level, so bytes come here first:
 * what is deeper than any honest request, or not definite-length BER at all (RFC 4511 section 5.1), never reaches it.
 */
final class BerNesting {

    static final int MAX_DEPTH = 100;

    private static final int CONSTRUCTED = 0x20;
    private static final int LONG_TAG = 0x1f;

    private BerNesting() {
    }

    /** What is wrong with the elements between the offsets, or null if nothing is. */
    static String defect(byte[] bytes, int offset, int end) {
        var ends = new int[MAX_DEPTH];
        int depth = 0;
        int at = offset;
        int limit = end;
        while (true) {
            while (at == limit) {
                if (depth == 0) {
                    return null;
                }
                limit = ends[--depth];
            }
            if (limit - at < 2) {
                return "an element is cut off";
            }
            int tag = bytes[at] & 0xff;
            if ((tag & LONG_TAG) == LONG_TAG) {
                return "a tag is longer than one byte";
            }
            int first = bytes[at + 1] & 0xff;
            at += 2;
            long length = first;
            if (first >= 0x80) {
                int count = first & 0x7f;
                if (count == 0 || count > 4 || count > limit - at) {
                    return "a length is not definite or too long";
                }
                length = 0;
                for (int i = 0; i < count; i++) {
                    length = length << 8 | bytes[at++] & 0xff;
                }
            }
            if (length > limit - at) {
                return "an element is longer than what holds it";
            }
            if ((tag & CONSTRUCTED) == 0) {
                at += (int) length;
            } else {
                if (depth == MAX_DEPTH) {
                    return "elements are nested deeper than " + MAX_DEPTH;
                }
                ends[depth++] = limit;
                limit = at + (int) length;
            }
        }
    }
}
