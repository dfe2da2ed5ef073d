package io.gatehouse.directory.persistent;

import java.util.Arrays;

/** An ordered set of non-negative numbers; a few of them are a sorted array, many a trie of 64-bit words. */
public sealed interface IntSet {

    IntSet EMPTY = new Few(new int[0]);

    /** Visits in ascending order until it is told to stop. */
    interface Visitor {

        /** @return whether to go on */
        boolean visit(int element);
    }

    int size();

    boolean contains(int element);

    IntSet with(int element);

    IntSet without(int element);

    /** Visits the elements from {@code first} on; returns whether the visitor saw them all. */
    boolean forEachFrom(int first, Visitor visitor);

    static IntSet of(int element) {
        return new One(element);
    }

    default boolean forEach(Visitor visitor) {
        return forEachFrom(0, visitor);
    }

    default boolean isEmpty() {
        return size() == 0;
    }

    default IntSet union(IntSet other) {
        var larger = size() < other.size() ? other : this;
        var smaller = larger == this ? other : this;
        var union = new IntSet[] {larger};
        smaller.forEach(element -> {
            union[0] = union[0].with(element);
            return true;
        });
        return union[0];
    }

    /** What is in this set and not in the other one. */
    default IntSet minus(IntSet other) {
        if (this == other) {
            return EMPTY;
        }
        var left = new IntSet[] {other.size() < size() ? this : EMPTY};
        if (other.size() < size()) {
            other.forEach(element -> {
                left[0] = left[0].without(element);
                return true;
            });
        } else {
            forEach(element -> {
                left[0] = other.contains(element) ? left[0] : left[0].with(element);
                return true;
            });
        }
        return left[0];
    }

    default boolean containsAll(IntSet other) {
        return this == other || other.size() <= size() && other.forEach(this::contains);
    }

    default boolean hasSameElements(IntSet other) {
        return size() == other.size() && containsAll(other);
    }

    /** The commonest set of all: what a unique value points to. */
    record One(int element) implements IntSet {

        @Override
        public int size() {
            return 1;
        }

        @Override
        public boolean contains(int other) {
            return element == other;
        }

        @Override
        public IntSet with(int other) {
            return element == other ? this : new Few(element < other ? new int[] {element, other} : new int[] {other, element});
        }

        @Override
        public IntSet without(int other) {
            return element == other ? EMPTY : this;
        }

        @Override
        public boolean forEachFrom(int first, Visitor visitor) {
            return element < first || visitor.visit(element);
        }
    }

    record Few(int[] sorted) implements IntSet {

        private static final int LIMIT = 32;

        @Override
        public int size() {
            return sorted.length;
        }

        @Override
        public boolean contains(int element) {
            return Arrays.binarySearch(sorted, element) >= 0;
        }

        @Override
        public IntSet with(int element) {
            if (sorted.length == 0) {
                return new One(element);
            }
            int found = Arrays.binarySearch(sorted, element);
            if (found >= 0) {
                return this;
            }
            if (sorted.length == LIMIT) {
                IntSet many = new Many(IntMap.empty(), 0);
                for (int each : sorted) {
                    many = many.with(each);
                }
                return many.with(element);
            }
            int at = -found - 1;
            var copy = new int[sorted.length + 1];
            System.arraycopy(sorted, 0, copy, 0, at);
            copy[at] = element;
            System.arraycopy(sorted, at, copy, at + 1, sorted.length - at);
            return new Few(copy);
        }

        @Override
        public IntSet without(int element) {
            int at = Arrays.binarySearch(sorted, element);
            if (at < 0) {
                return this;
            }
            var copy = Arrays.copyOf(sorted, sorted.length - 1);
            System.arraycopy(sorted, at + 1, copy, at, copy.length - at);
            return copy.length == 1 ? new One(copy[0]) : new Few(copy);
        }

        @Override
        public boolean forEachFrom(int first, Visitor visitor) {
            for (int element : sorted) {
                if (element >= first && !visitor.visit(element)) {
                    return false;
                }
            }
            return true;
        }
    }

    record Many(IntMap<Long> words, int size) implements IntSet {

        private static final int BITS = 6;

        @Override
        public boolean contains(int element) {
            var word = words.get(element >>> BITS);
            return word != null && (word & 1L << element) != 0;
        }

        @Override
        public IntSet with(int element) {
            if (contains(element)) {
                return this;
            }
            var word = words.get(element >>> BITS);
            return new Many(words.with(element >>> BITS, (word == null ? 0 : word) | 1L << element), size + 1);
        }

        @Override
        public IntSet without(int element) {
            if (!contains(element)) {
                return this;
            }
            long rest = words.get(element >>> BITS) & ~(1L << element);
            return new Many(rest == 0 ? words.without(element >>> BITS) : words.with(element >>> BITS, rest), size - 1);
        }

        @Override
        public boolean forEachFrom(int first, Visitor visitor) {
            return words.forEachFrom(Math.max(first, 0) >>> BITS, (key, word) -> {
                for (long rest = word; rest != 0; rest &= rest - 1) {
                    int element = key << BITS | Long.numberOfTrailingZeros(rest);
                    if (element >= first && !visitor.visit(element)) {
                        return false;
                    }
                }
                return true;
            });
        }
    }
}
