package io.gatehouse.access;

import java.util.Locale;

/** Who may log in where no policy decides. */
public enum DefaultAccess {

    /** Everybody in the group ldapusers. */
    OPEN,
    /** Owners, collaborators and administrators alone. */
    CLOSED;

    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    public static DefaultAccess parse(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }
}
