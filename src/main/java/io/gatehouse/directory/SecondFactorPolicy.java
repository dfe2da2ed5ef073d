package io.gatehouse.directory;

/** Whether people need a second factor to bind with their own password; from the weakest say of a group to the strongest. */
public enum SecondFactorPolicy {
    /** Who has one needs it. */
    IF_PRESENT("if-present"),
    /** The password is enough, even of those who have one. */
    NOT_NEEDED("not-needed"),
    /** Who has none cannot bind. */
    REQUIRED("required");

    private final String text;

    SecondFactorPolicy(String text) {
        this.text = text;
    }

    /** @param text as the database has it */
    static SecondFactorPolicy parse(String text) {
        for (var policy : values()) {
            if (policy.text.equals(text)) {
                return policy;
            }
        }
        throw new IllegalArgumentException("no policy: " + text);
    }

    SecondFactorPolicy strongest(SecondFactorPolicy other) {
        return compareTo(other) >= 0 ? this : other;
    }
}
