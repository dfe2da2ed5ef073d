package io.gatehouse.directory;

import io.gatehouse.directory.persistent.HashTrie;
import io.gatehouse.directory.persistent.IntSet;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** For each indexed attribute, the entries by the normal form of their values. Immutable. */
final class ValueIndex {

    private final AttributeType[] types;
    private final HashTrie<String, IntSet>[] tries;

    @SuppressWarnings({"unchecked", "rawtypes"})
    ValueIndex(List<AttributeType> types) {
        this.types = types.toArray(AttributeType[]::new);
        tries = new HashTrie[types.size()];
        Arrays.fill(tries, HashTrie.empty());
    }

    private ValueIndex(AttributeType[] types, HashTrie<String, IntSet>[] tries) {
        this.types = types;
        this.tries = tries;
    }

    /** The entries with this value; null if the attribute is not indexed. */
    IntSet entries(AttributeType type, String normalized) {
        int slot = slot(type);
        if (slot < 0) {
            return null;
        }
        var found = tries[slot].get(normalized);
        return found == null ? IntSet.EMPTY : found;
    }

    /** The entry with this value of an attribute that no two entries share, or null. */
    Integer only(AttributeType type, String normalized) {
        var found = new Integer[1];
        entries(type, normalized).forEach(id -> {
            found[0] = id;
            return false;
        });
        return found[0];
    }

    ValueIndex replace(Entry old, Entry fresh) {
        var changed = tries.clone();
        for (int slot = 0; slot < types.length; slot++) {
            var before = old == null ? List.<String>of() : values(old, types[slot]);
            var after = fresh == null ? List.<String>of() : values(fresh, types[slot]);
            for (var value : before) {
                if (!after.contains(value)) {
                    changed[slot] = remove(changed[slot], value, old.id());
                }
            }
            for (var value : after) {
                if (!before.contains(value)) {
                    changed[slot] = add(changed[slot], value, fresh.id());
                }
            }
        }
        return new ValueIndex(types, changed);
    }

    private static HashTrie<String, IntSet> add(HashTrie<String, IntSet> trie, String value, int id) {
        var present = trie.get(value);
        return trie.with(value, present == null ? IntSet.of(id) : present.with(id));
    }

    private static HashTrie<String, IntSet> remove(HashTrie<String, IntSet> trie, String value, int id) {
        var rest = trie.get(value).without(id);
        return rest.isEmpty() ? trie.without(value) : trie.with(value, rest);
    }

    private static List<String> values(Entry entry, AttributeType type) {
        var values = new ArrayList<String>();
        entry.anyValue(type, (buffer, offset, length) -> {
            var value = type.equality().normalize(buffer, offset, length);
            if (!values.contains(value)) {
                values.add(value);
            }
            return false;
        });
        return values;
    }

    private int slot(AttributeType type) {
        for (int slot = 0; slot < types.length; slot++) {
            if (types[slot] == type) {
                return slot;
            }
        }
        return -1;
    }
}
