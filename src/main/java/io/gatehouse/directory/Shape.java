package io.gatehouse.directory;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Which attributes an entry holds, in which order, and those of them whose values are the same for all entries that look
 * alike. Thousands of entries share one.
 */
public final class Shape {

    private record Key(List<AttributeType> types, ByteBuffer constants) {
    }

    private static final Map<Key, Shape> KNOWN = new ConcurrentHashMap<>();

    private final List<AttributeType> types;
    private final byte[] positions;
    private final byte[] constants;
    private final int constantCount;

    private Shape(Key key, int constantCount) {
        types = key.types();
        constants = key.constants().array();
        this.constantCount = constantCount;
        positions = new byte[types.stream().mapToInt(AttributeType::index).max().orElse(0) + 1];
        Arrays.fill(positions, (byte) -1);
        for (int i = 0; i < types.size(); i++) {
            positions[types.get(i).index()] = (byte) i;
        }
    }

    /**
     * @param types     those with constant values first
     * @param constants the PartialAttributes of these
     */
    static Shape of(List<AttributeType> types, int constantCount, byte[] constants) {
        return KNOWN.computeIfAbsent(new Key(List.copyOf(types), ByteBuffer.wrap(constants)), key -> new Shape(key, constantCount));
    }

    public List<AttributeType> types() {
        return types;
    }

    /** How many of the types, from the first on, are encoded in {@link #constants()}; the others are in the entry. */
    public int constantCount() {
        return constantCount;
    }

    public byte[] constants() {
        return constants;
    }

    /** Where the attribute stands, or -1. */
    public int position(AttributeType type) {
        return type.index() < positions.length ? positions[type.index()] : -1;
    }
}
