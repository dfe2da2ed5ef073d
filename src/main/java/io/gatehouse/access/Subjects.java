package io.gatehouse.access;

import java.util.Set;

/**
 * Those whom a rule is about; without any it is about nobody.
 *
 * @param users  by uid number
 * @param groups by gid number, with all who are in them at any depth
 */
public record Subjects(Set<Integer> users, Set<Integer> groups) {

    static Subjects user(int uidNumber) {
        return new Subjects(Set.of(uidNumber), Set.of());
    }

    static Subjects groups(Set<Integer> gidNumbers) {
        return new Subjects(Set.of(), gidNumbers);
    }

    public boolean include(Subject subject) {
        return users.contains(subject.uidNumber()) || groups.stream().anyMatch(subject::isIn);
    }
}
