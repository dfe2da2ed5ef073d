package io.gatehouse.directory;

import io.gatehouse.directory.persistent.IntSet;
import java.util.List;

/**
 * A search filter, resolved against the schema and ready to be tested: the three-valued logic of RFC 4511 section 4.5.1.7.
 * Each kind can also name entries that include all it could be true for, if an index knows.
 */
sealed interface SearchFilter {

    enum Truth {
        TRUE, FALSE, UNDEFINED;

        static Truth of(boolean value) {
            return value ? TRUE : FALSE;
        }
    }

    Truth test(Entry entry, DirectoryView view);

    /** All entries that this can be true for, and perhaps others; null if only a walk over the scope can tell. */
    default IntSet candidates(DirectorySnapshot snapshot) {
        return null;
    }

    record And(List<SearchFilter> parts) implements SearchFilter {

        @Override
        public Truth test(Entry entry, DirectoryView view) {
            var result = Truth.TRUE;
            for (var part : parts) {
                var truth = part.test(entry, view);
                if (truth == Truth.FALSE) {
                    return Truth.FALSE;
                }
                if (truth == Truth.UNDEFINED) {
                    result = Truth.UNDEFINED;
                }
            }
            return result;
        }

        @Override
        public IntSet candidates(DirectorySnapshot snapshot) {
            IntSet smallest = null;
            for (var part : parts) {
                var candidates = part.candidates(snapshot);
                if (candidates != null && (smallest == null || candidates.size() < smallest.size())) {
                    smallest = candidates;
                    if (smallest.size() <= 1) {
                        break;
                    }
                }
            }
            return smallest;
        }
    }

    record Or(List<SearchFilter> parts) implements SearchFilter {

        @Override
        public Truth test(Entry entry, DirectoryView view) {
            var result = Truth.FALSE;
            for (var part : parts) {
                var truth = part.test(entry, view);
                if (truth == Truth.TRUE) {
                    return Truth.TRUE;
                }
                if (truth == Truth.UNDEFINED) {
                    result = Truth.UNDEFINED;
                }
            }
            return result;
        }

        @Override
        public IntSet candidates(DirectorySnapshot snapshot) {
            IntSet union = IntSet.EMPTY;
            for (var part : parts) {
                var candidates = part.candidates(snapshot);
                if (candidates == null) {
                    return null;
                }
                union = union.union(candidates);
            }
            return union;
        }
    }

    record Not(SearchFilter part) implements SearchFilter {

        @Override
        public Truth test(Entry entry, DirectoryView view) {
            return switch (part.test(entry, view)) {
                case TRUE -> Truth.FALSE;
                case FALSE -> Truth.TRUE;
                case UNDEFINED -> Truth.UNDEFINED;
            };
        }
    }

    /** The same for every entry. */
    record Constant(Truth truth) implements SearchFilter {

        @Override
        public Truth test(Entry entry, DirectoryView view) {
            return truth;
        }

        @Override
        public IntSet candidates(DirectorySnapshot snapshot) {
            return truth == Truth.TRUE ? null : IntSet.EMPTY;
        }
    }

    record Present(AttributeType type) implements SearchFilter {

        @Override
        public Truth test(Entry entry, DirectoryView view) {
            return view.isPresent(entry, type);
        }
    }

    record Equality(AttributeType type, String value) implements SearchFilter {

        @Override
        public Truth test(Entry entry, DirectoryView view) {
            return view.anyValue(entry, type, (buffer, offset, length) ->
                    value.equals(type.equality().normalize(buffer, offset, length)));
        }
    }

    /**
     * Equality of an indexed attribute: the index knows the answer, and no value needs to be looked at.
     *
     * @param holders the entries that have the value
     */
    record IndexedEquality(AttributeType type, IntSet holders) implements SearchFilter {

        @Override
        public Truth test(Entry entry, DirectoryView view) {
            return view.shows(entry, type) ? Truth.of(holders.contains(entry.id())) : Truth.UNDEFINED;
        }

        @Override
        public IntSet candidates(DirectorySnapshot snapshot) {
            return holders;
        }
    }

    /**
     * Equality of a derived attribute that shows memberships, answered from the pair itself.
     *
     * @param other  the entry that the value names; negative if it names none
     * @param nested of {@code memberOf}, the groups in that entry
     */
    record Membership(AttributeType type, int other, IntSet nested) implements SearchFilter {

        @Override
        public Truth test(Entry entry, DirectoryView view) {
            if (!view.shows(entry, type)) {
                return Truth.UNDEFINED;
            }
            var snapshot = view.snapshot();
            return Truth.of(other >= 0 && (type == snapshot.layout.memberOf
                    ? nested.contains(entry.id()) || snapshot.members(other).contains(entry.id())
                    : snapshot.members(entry.id()).contains(other)));
        }

        @Override
        public IntSet candidates(DirectorySnapshot snapshot) {
            if (other < 0) {
                return IntSet.EMPTY;
            }
            return type == snapshot.layout.memberOf ? snapshot.members(other).union(nested) : snapshot.groups(other);
        }
    }

    record Ordering(AttributeType type, String bound, boolean atLeast) implements SearchFilter {

        @Override
        public Truth test(Entry entry, DirectoryView view) {
            var rule = type.ordering();
            return view.anyValue(entry, type, (buffer, offset, length) -> {
                var value = rule.normalize(buffer, offset, length);
                return value != null && (atLeast ? rule.order().compare(value, bound) >= 0 : rule.order().compare(value, bound) <= 0);
            });
        }
    }

    /** @param initial null if absent; {@code last} as well */
    record Substring(AttributeType type, String initial, List<String> any, String last) implements SearchFilter {

        @Override
        public Truth test(Entry entry, DirectoryView view) {
            return view.anyValue(entry, type, (buffer, offset, length) -> {
                var value = type.substring().normalizeWhole(buffer, offset, length);
                return value != null && matches(value);
            });
        }

        private boolean matches(String value) {
            int from = 0;
            int to = value.length();
            if (initial != null) {
                if (!value.startsWith(initial)) {
                    return false;
                }
                from = initial.length();
            }
            if (last != null) {
                if (to - from < last.length() || !value.endsWith(last)) {
                    return false;
                }
                to -= last.length();
            }
            for (var part : any) {
                int at = value.indexOf(part, from);
                if (at < 0 || at + part.length() > to) {
                    return false;
                }
                from = at + part.length();
            }
            return true;
        }
    }

    /** An extensible match that the attribute's own rules do not decide (RFC 4511 section 4.5.1.7.7). */
    record ValueMatch(AttributeType type, Entry.ValueTest value) implements SearchFilter {

        @Override
        public Truth test(Entry entry, DirectoryView view) {
            return view.anyValue(entry, type, value);
        }
    }

    /** A value among those of the entry's own DN: the {@code :dn} of an extensible match. */
    record NameMatch(AttributeType type, Entry.ValueTest value) implements SearchFilter {

        @Override
        public Truth test(Entry entry, DirectoryView view) {
            return Truth.of(view.nameHolds(entry, type, value));
        }
    }
}
