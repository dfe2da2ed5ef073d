package io.gatehouse.access;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A user, and how the user comes to be in groups.
 *
 * @param groups  the names of all that the person is in, by gid number
 * @param direct  the gid numbers of those that the person is in without another one between
 * @param outside of each group, the gid numbers of those that it is right in
 */
record Person(int uidNumber, String username, boolean active, Map<Integer, String> groups, List<Integer> direct,
              Map<Integer, List<Integer>> outside) implements Subject {

    @Override
    public boolean isIn(int gidNumber) {
        return groups.containsKey(gidNumber);
    }

    /** How these include the person, by the fewest groups; empty if they do not. */
    List<String> path(Subjects subjects) {
        if (subjects.users().contains(uidNumber)) {
            return List.of(text());
        }
        return shortest(subjects.groups()).map(this::path).orElse(List.of());
    }

    private List<String> path(List<Integer> gidNumbers) {
        var path = new ArrayList<String>();
        path.add(text());
        gidNumbers.forEach(gidNumber -> path.add(new Reference(ReferenceKind.GROUP, groups.get(gidNumber)).toString()));
        return path;
    }

    private Optional<List<Integer>> shortest(Set<Integer> wanted) {
        var reachedFrom = new LinkedHashMap<Integer, Integer>();
        var next = new ArrayDeque<Integer>();
        for (var gidNumber : direct) {
            reachedFrom.put(gidNumber, null);
            next.add(gidNumber);
        }
        while (!next.isEmpty()) {
            var gidNumber = next.remove();
            if (wanted.contains(gidNumber)) {
                var path = new ArrayList<Integer>();
                for (var step = gidNumber; step != null; step = reachedFrom.get(step)) {
                    path.addFirst(step);
                }
                return Optional.of(path);
            }
            for (var outer : outside.getOrDefault(gidNumber, List.of())) {
                if (!reachedFrom.containsKey(outer)) {
                    reachedFrom.put(outer, gidNumber);
                    next.add(outer);
                }
            }
        }
        return Optional.empty();
    }

    private String text() {
        return new Reference(ReferenceKind.USER, username).toString();
    }
}
