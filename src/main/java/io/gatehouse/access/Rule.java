package io.gatehouse.access;

/**
 * A step of a decision about one container: it decides about whomever it includes, unless one before it did.
 *
 * @param reason whose rule it is
 */
public record Rule(Reason reason, Effect effect, Subjects subjects) {

    /** Why somebody may log in, or not. */
    public sealed interface Reason {
    }

    /** An administrator says so. */
    public record ByPolicy(Policy policy) implements Reason {
    }

    /** It goes without saying. All but the last two are allowances of priority 0, which a denial of that priority beats. */
    public enum Implicit implements Reason {

        /** The person is in a group of administrators. */
        ADMINISTRATOR,
        /** The container is the person's. */
        OWNER,
        /** The container's owner lets the person in. */
        COLLABORATOR,
        /** Everybody in ldapusers may log in where nothing else is said. */
        OPEN,
        /** Nothing says that the person may. */
        NOTHING_ALLOWS
    }
}
