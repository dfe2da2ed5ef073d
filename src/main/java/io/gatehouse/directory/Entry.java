package io.gatehouse.directory;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * An entry as it goes over the wire: its DN and its attributes, encoded once. Attributes that follow from other entries
 * or from the DN (memberOf, member, memberUid, hasSubordinates of a container, entryDN) are not in it; {@link DirectorySnapshot} derives them.
 */
public final class Entry {

    enum Kind { CONTAINER, PERSON, GROUP, SUDO_ROLE, SERVICE_ACCOUNT, HOST, POLICY }

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

    /** @param encoded the DN as an OCTET STRING, then a PartialAttribute for each type that is not constant in the shape */
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
        return new String(encoded, Ber.contentOffset(encoded, 0), Ber.contentLength(encoded, 0), StandardCharsets.UTF_8);
    }

    byte[] dnBytes() {
        int start = Ber.contentOffset(encoded, 0);
        return Arrays.copyOfRange(encoded, start, start + Ber.contentLength(encoded, 0));
    }

    /** The buffer that the offsets point into. */
    public byte[] encoded() {
        return encoded;
    }

    /** Where the attributes start: behind the DN. */
    public int attributesOffset() {
        return Ber.end(encoded, 0);
    }

    boolean anyValue(AttributeType type, ValueTest test) {
        int position = shape.position(type);
        if (position < 0) {
            return false;
        }
        boolean isConstant = position < shape.constantCount();
        var buffer = isConstant ? shape.constants() : encoded;
        int attribute = isConstant ? 0 : attributesOffset();
        for (int i = isConstant ? 0 : shape.constantCount(); i < position; i++) {
            attribute = Ber.end(buffer, attribute);
        }
        int set = Ber.end(buffer, Ber.contentOffset(buffer, attribute));
        int limit = Ber.end(buffer, set);
        for (int value = Ber.contentOffset(buffer, set); value < limit; value = Ber.end(buffer, value)) {
            if (test.test(buffer, Ber.contentOffset(buffer, value), Ber.contentLength(buffer, value))) {
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
}
