package io.gatehouse.directory;

import io.gatehouse.directory.persistent.IntMap;
import io.gatehouse.directory.persistent.IntSet;

/**
 * Which groups are in which, immutable. Without cycles, though a walk would end even so.
 *
 * @param inner the groups right in a group
 * @param outer the groups that a group is right in
 */
record GroupNesting(IntMap<IntSet> inner, IntMap<IntSet> outer) {

    static final GroupNesting NONE = new GroupNesting(IntMap.empty(), IntMap.empty());

    /** The groups right in this one. */
    IntSet in(int group) {
        return get(inner, group);
    }

    /** The groups that this one is right in. */
    IntSet around(int group) {
        return get(outer, group);
    }

    /** These groups, and all that they are in. */
    IntSet above(IntSet groups) {
        return reachable(groups, outer);
    }

    /** These groups, and all that are in them. */
    IntSet below(IntSet groups) {
        return reachable(groups, inner);
    }

    /** The same, but for the groups that are right in this one. */
    GroupNesting with(int group, IntSet members) {
        var nesting = new GroupNesting[] {new GroupNesting(put(inner, group, members), outer)};
        in(group).forEach(member -> {
            nesting[0] = nesting[0].withAround(member, nesting[0].around(member).without(group));
            return true;
        });
        members.forEach(member -> {
            nesting[0] = nesting[0].withAround(member, nesting[0].around(member).with(group));
            return true;
        });
        return nesting[0];
    }

    private GroupNesting withAround(int member, IntSet groups) {
        return new GroupNesting(inner, put(outer, member, groups));
    }

    /** The same, but for a group that is in none and has none in it. */
    GroupNesting without(int group) {
        var left = new GroupNesting[] {with(group, IntSet.EMPTY)};
        around(group).forEach(each -> {
            left[0] = left[0].with(each, left[0].in(each).without(group));
            return true;
        });
        return left[0];
    }

    private static IntSet reachable(IntSet from, IntMap<IntSet> edges) {
        if (edges.size() == 0) {
            return from;
        }
        var reached = from;
        for (var next = from; !next.isEmpty();) {
            var fresh = new IntSet[] {IntSet.EMPTY};
            var known = reached;
            next.forEach(group -> get(edges, group).forEach(each -> {
                fresh[0] = known.contains(each) ? fresh[0] : fresh[0].with(each);
                return true;
            }));
            reached = reached.union(fresh[0]);
            next = fresh[0];
        }
        return reached;
    }

    private static IntSet get(IntMap<IntSet> edges, int group) {
        var found = edges.get(group);
        return found == null ? IntSet.EMPTY : found;
    }

    private static IntMap<IntSet> put(IntMap<IntSet> edges, int group, IntSet others) {
        return others.isEmpty() ? edges.without(group) : edges.with(group, others);
    }
}
