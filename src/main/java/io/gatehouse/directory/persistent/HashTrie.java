package io.gatehouse.directory.persistent;

import java.util.Arrays;

/**
 * A map as a hash array mapped trie (Bagwell, "Ideal Hash Trees", 2001): 32-way nodes that hold only the slots in use.
 * Neither keys nor values are null.
 */
public final class HashTrie<K, V> {

    private static final int BITS = 5;
    private static final HashTrie<?, ?> EMPTY = new HashTrie<>(new Node(0, new Object[0]), 0);

    private final Node root;
    private final int size;

    private HashTrie(Node root, int size) {
        this.root = root;
        this.size = size;
    }

    @SuppressWarnings("unchecked")
    public static <K, V> HashTrie<K, V> empty() {
        return (HashTrie<K, V>) EMPTY;
    }

    public int size() {
        return size;
    }

    /** The value of the key, or null. */
    @SuppressWarnings("unchecked")
    public V get(Object key) {
        int hash = spread(key);
        Object slot = root;
        for (int shift = 0; slot instanceof Node node; shift += BITS) {
            slot = node.slot(hash >>> shift);
        }
        for (var leaf = (Leaf) slot; leaf != null; leaf = leaf.next) {
            if (leaf.key.equals(key)) {
                return (V) leaf.value;
            }
        }
        return null;
    }

    public HashTrie<K, V> with(K key, V value) {
        int hash = spread(key);
        boolean isNew = get(key) == null;
        return new HashTrie<>(with(root, 0, hash, key, value), isNew ? size + 1 : size);
    }

    public HashTrie<K, V> without(K key) {
        if (get(key) == null) {
            return this;
        }
        var rest = (Node) without(root, 0, spread(key), key);
        return size == 1 ? empty() : new HashTrie<>(rest, size - 1);
    }

    private static Node with(Node node, int shift, int hash, Object key, Object value) {
        int bit = bit(hash >>> shift);
        var old = node.slot(hash >>> shift);
        return switch (old) {
            case null -> node.insert(bit, new Leaf(hash, key, value, null));
            case Node child -> node.replace(bit, with(child, shift + BITS, hash, key, value));
            case Leaf leaf when leaf.hash == hash -> node.replace(bit, new Leaf(hash, key, value, leaf.without(key)));
            default -> {
                var leaf = (Leaf) old;
                var split = new Node(bit(leaf.hash >>> shift + BITS), new Object[] {leaf});
                yield node.replace(bit, with(split, shift + BITS, hash, key, value));
            }
        };
    }

    /** What is left of the node without the key: a node, or the only leaf of a node that is not the root, or null. */
    private static Object without(Node node, int shift, int hash, Object key) {
        int bit = bit(hash >>> shift);
        var old = node.slot(hash >>> shift);
        var left = old instanceof Node child ? without(child, shift + BITS, hash, key) : ((Leaf) old).without(key);
        var rest = left == null ? node.remove(bit) : node.replace(bit, left);
        boolean collapses = shift > 0 && rest.slots.length == 1 && rest.slots[0] instanceof Leaf;
        return collapses ? rest.slots[0] : rest;
    }

    private static int spread(Object key) {
        int hash = key.hashCode();
        return hash ^ hash >>> 16;
    }

    private static int bit(int hash) {
        return 1 << (hash & (1 << BITS) - 1);
    }

    private record Node(int bitmap, Object[] slots) {

        Object slot(int hash) {
            int bit = bit(hash);
            return (bitmap & bit) == 0 ? null : slots[index(bit)];
        }

        Node insert(int bit, Object slot) {
            int at = index(bit);
            var copy = new Object[slots.length + 1];
            System.arraycopy(slots, 0, copy, 0, at);
            copy[at] = slot;
            System.arraycopy(slots, at, copy, at + 1, slots.length - at);
            return new Node(bitmap | bit, copy);
        }

        Node replace(int bit, Object slot) {
            var copy = slots.clone();
            copy[index(bit)] = slot;
            return new Node(bitmap, copy);
        }

        Node remove(int bit) {
            int at = index(bit);
            var copy = Arrays.copyOf(slots, slots.length - 1);
            System.arraycopy(slots, at + 1, copy, at, copy.length - at);
            return new Node(bitmap & ~bit, copy);
        }

        private int index(int bit) {
            return Integer.bitCount(bitmap & bit - 1);
        }
    }

    /** Keys of equal hash form a chain. */
    private record Leaf(int hash, Object key, Object value, Leaf next) {

        Leaf without(Object other) {
            if (key.equals(other)) {
                return next;
            }
            return next == null ? this : new Leaf(hash, key, value, next.without(other));
        }
    }
}
