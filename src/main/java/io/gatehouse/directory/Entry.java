package io.gatehouse.directory;

import java.nio.charset.StandardCharsets;

/**
 * An entry as it goes over the wire: its DN and its attributes, encoded once. Attributes that follow from other entries
 * (memberOf, member, memberUid, hasSubordinates of a container) are not in it; {@link DirectorySnapshot} derives them.
 */
public final class Entry {

    enum Kind { CONTAINER, PERSON, GROUP, SUDO_ROLE, SERVICE_ACCOUNT, POLICY }

    /** Tests one value, which lies in a larger buffer. */
    interface ValueTest {

        boolean test(byte[] buffer, int offset, int length);
    }

    static final int NO_PARENT = -1;

    private final int id;
    private final int parent;
    private final Kind kind;
    private final Shape shape;
    private final byte[] encoded;

    /** @param encoded the DN as an OCTET STRING, then a PartialAttribute for each type of the shape, in its order */
    Entry(int id, int parent, Kind kind, Shape shape, byte[] encoded) {
        this.id = id;
        this.parent = parent;
        this.kind = kind;
        this.shape = shape;
        this.encoded = encoded;
    }

    /** Stays with the entry for the life of the server; entries are walked in the order of their ids. */
    public int id() {
        return id;
    }

    int parent() {
        return parent;
    }

    Kind kind() {
        return kind;
    }

    public Shape shape() {
        return shape;
    }

    public String dn() {
        return new String(encoded, contentOffset(0), contentLength(0), StandardCharsets.UTF_8);
    }

    byte[] dnBytes() {
        return slice(contentOffset(0), contentLength(0));
    }

    /** The buffer that the offsets point into. */
    public byte[] encoded() {
        return encoded;
    }

    /** Where the attributes start: behind the DN. */
    public int attributesOffset() {
        return end(0);
    }

    /** The offset behind the element that starts at this offset. */
    public int end(int offset) {
        return contentOffset(offset) + contentLength(offset);
    }

    boolean anyValue(AttributeType type, ValueTest test) {
        int position = shape.position(type);
        if (position < 0) {
            return false;
        }
        int attribute = attributesOffset();
        for (int i = 0; i < position; i++) {
            attribute = end(attribute);
        }
        int set = end(contentOffset(attribute));
        int limit = end(set);
        for (int value = contentOffset(set); value < limit; value = end(value)) {
            if (test.test(encoded, contentOffset(value), contentLength(value))) {
                return true;
            }
        }
        return false;
    }

    /** The first value as text, or null. */
    String firstValue(AttributeType type) {
        var found = new String[1];
        anyValue(type, (buffer, offset, length) -> {
            found[0] = new String(buffer, offset, length, StandardCharsets.UTF_8);
            return true;
        });
        return found[0];
    }

    private int contentOffset(int offset) {
        int first = encoded[offset + 1];
        return offset + 2 + (first < 0 ? first & 0x7f : 0);
    }

    private int contentLength(int offset) {
        int first = encoded[offset + 1];
        if (first >= 0) {
            return first;
        }
        int length = 0;
        for (int i = 0; i < (first & 0x7f); i++) {
            length = length << 8 | encoded[offset + 2 + i] & 0xff;
        }
        return length;
    }

    private byte[] slice(int offset, int length) {
        var copy = new byte[length];
        System.arraycopy(encoded, offset, copy, 0, length);
        return copy;
    }
}
