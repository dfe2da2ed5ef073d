package io.gatehouse.ldap;

/** What is asked for, as meters and the access log name it. */
enum Operation {
    BIND, SEARCH, COMPARE, MODIFY, EXTENDED, ADD, DELETE, MODIFY_DN;

    private final String label = name().toLowerCase(java.util.Locale.ROOT).replace('_', '-');

    /** What may be part of changing a password looks itself at what else is asked for. */
    boolean mayChangePassword() {
        return this == BIND || this == MODIFY || this == EXTENDED;
    }

    String label() {
        return label;
    }
}
