package io.gatehouse.directory.persistent;

import java.util.Arrays;

/** A map with non-negative keys that is walked in their order: a radix trie of 32-way nodes that hold only the slots in use. */
public final class IntMap<V> {

    private static final int BITS = 5;
    private static final int MASK = (1 << BITS) - 1;
    private static final IntMap<?> EMPTY = new IntMap<>(null, 0, 0);

    /** Visits in ascending order of the keys until it is told to stop. */
    public interface Visitor<V> {

        /** @return whether to go on */
        boolean visit(int key, V value);
    }

    private final Node root;
    private final int shift;
    private final int size;

    private IntMap(Node root, int shift, int size) {
        this.root = root;
        this.shift = shift;
        this.size = size;
    }

    @SuppressWarnings("unchecked")
    public static <V> IntMap<V> empty() {
        return (IntMap<V>) EMPTY;
    }

    public int size() {
        return size;
    }

    /** The value of the key, or null. */
    @SuppressWarnings("unchecked")
    public V get(int key) {
        if (root == null || exceeds(key)) {
            return null;
        }
        Object slot = root;
        for (int level = shift; level >= 0 && slot != null; level -= BITS) {
            slot = ((Node) slot).slot(key >>> level & MASK);
        }
        return (V) slot;
    }

    public IntMap<V> with(int key, V value) {
        if (key < 0) {
            throw new IllegalArgumentException("negative key " + key);
        }
        if (root == null) {
            int top = 0;
            while (key >>> top >>> BITS != 0) {
                top += BITS;
            }
            return new IntMap<>(Node.EMPTY.with(top, key, value), top, 1);
        }
        if (exceeds(key)) {
            return new IntMap<V>(new Node(1, new Object[] {root}), shift + BITS, size).with(key, value);
        }
        return new IntMap<>(root.with(shift, key, value), shift, get(key) == null ? size + 1 : size);
    }

    public IntMap<V> without(int key) {
        return get(key) == null ? this : new IntMap<>(root.without(shift, key), shift, size - 1);
    }

    /** Visits the keys from {@code first} on; returns whether the visitor saw them all. */
    @SuppressWarnings("unchecked")
    public boolean forEachFrom(int first, Visitor<? super V> visitor) {
        return root == null || exceeds(first) || root.visit(shift, 0, Math.max(first, 0), (Visitor<Object>) visitor);
    }

    public boolean forEach(Visitor<? super V> visitor) {
        return forEachFrom(0, visitor);
    }

    private boolean exceeds(int key) {
        return shift + BITS < Integer.SIZE && key >>> shift + BITS != 0;
    }

    private record Node(int bitmap, Object[] slots) {

        static final Node EMPTY = new Node(0, new Object[0]);

        Object slot(int index) {
            int bit = 1 << index;
            return (bitmap & bit) == 0 ? null : slots[Integer.bitCount(bitmap & bit - 1)];
        }

        Node with(int level, int key, Object value) {
            int index = key >>> level & MASK;
            var old = slot(index);
            var fresh = level == 0 ? value : (old == null ? EMPTY : (Node) old).with(level - BITS, key, value);
            int bit = 1 << index;
            int at = Integer.bitCount(bitmap & bit - 1);
            if (old != null) {
                var copy = slots.clone();
                copy[at] = fresh;
                return new Node(bitmap, copy);
            }
            var copy = new Object[slots.length + 1];
            System.arraycopy(slots, 0, copy, 0, at);
            copy[at] = fresh;
            System.arraycopy(slots, at, copy, at + 1, slots.length - at);
            return new Node(bitmap | bit, copy);
        }

        Node without(int level, int key) {
            int index = key >>> level & MASK;
            int bit = 1 << index;
            int at = Integer.bitCount(bitmap & bit - 1);
            var left = level == 0 ? null : ((Node) slots[at]).without(level - BITS, key);
            if (left != null && left.bitmap != 0) {
                var copy = slots.clone();
                copy[at] = left;
                return new Node(bitmap, copy);
            }
            var copy = Arrays.copyOf(slots, slots.length - 1);
            System.arraycopy(slots, at + 1, copy, at, copy.length - at);
            return new Node(bitmap & ~bit, copy);
        }

        boolean visit(int level, int prefix, int first, Visitor<Object> visitor) {
            int from = first >>> level & MASK;
            int at = 0;
            for (int rest = bitmap; rest != 0; rest &= rest - 1, at++) {
                int index = Integer.numberOfTrailingZeros(rest);
                if (index < from) {
                    continue;
                }
                int key = prefix | index << level;
                boolean goOn = level == 0
                        ? visitor.visit(key, slots[at])
                        : ((Node) slots[at]).visit(level - BITS, key, index == from ? first : key, visitor);
                if (!goOn) {
                    return false;
                }
            }
            return true;
        }
    }
}
