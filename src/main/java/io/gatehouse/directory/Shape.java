package io.gatehouse.directory;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Which attributes an entry holds, in which order. The thousands of entries that look alike share one. */
public final class Shape {

    private static final Map<List<AttributeType>, Shape> KNOWN = new ConcurrentHashMap<>();

    private final List<AttributeType> types;
    private final byte[] positions;

    private Shape(List<AttributeType> types) {
        this.types = types;
        positions = new byte[types.stream().mapToInt(AttributeType::index).max().orElse(0) + 1];
        Arrays.fill(positions, (byte) -1);
        for (int i = 0; i < types.size(); i++) {
            positions[types.get(i).index()] = (byte) i;
        }
    }

    static Shape of(List<AttributeType> types) {
        return KNOWN.computeIfAbsent(List.copyOf(types), Shape::new);
    }

    public List<AttributeType> types() {
        return types;
    }

    /** Where the attribute stands, or -1. */
    public int position(AttributeType type) {
        return type.index() < positions.length ? positions[type.index()] : -1;
    }
}
