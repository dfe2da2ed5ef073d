package io.gatehouse.access;

/** A person, as far as access depends on it. */
public interface Subject {

    int uidNumber();

    /** Whether the person is in this group, or in one in it at any depth. */
    boolean isIn(int gidNumber);
}
