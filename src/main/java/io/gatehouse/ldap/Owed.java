package io.gatehouse.ldap;

import io.gatehouse.directory.Principal;
import io.gatehouse.directory.SecondFactorPolicy;
import io.micronaut.core.annotation.Nullable;

/**
 * What a bind with an account's own password owes besides it. This is the one place that decides it, from the snapshot alone; how it
 * is brought is {@link PasswordCheck}'s. An app password owes nothing.
 */
enum Owed {
    /** The password is enough. */
    NOTHING,
    /** The code of the authenticator that the person has. */
    SECOND_FACTOR,
    /** An approval on a phone; or the code of those who have an authenticator. */
    APPROVAL,
    /** A second factor that the person does not have: refused, once the password has turned out right. */
    MISSING_SECOND_FACTOR;

    /**
     * The policy of the service account goes before that of the person's groups.
     *
     * @param principal who binds; null for nobody who exists, which must not be told from a person
     * @param client    the service account that the connection was bound as last; null if there is none
     * @param approvals whether people approve logins on their phones
     */
    static Owed of(@Nullable Principal principal, @Nullable Principal client, boolean approvals) {
        if (principal != null && principal.type() != Principal.Type.PERSON) {
            return NOTHING;
        }
        return switch (policy(principal, client)) {
            case NOT_NEEDED -> NOTHING;
            case IF_PRESENT -> ofPerson(principal, approvals);
            case REQUIRED -> principal == null || hasSecondFactor(principal, approvals) ? ofPerson(principal, approvals) : MISSING_SECOND_FACTOR;
        };
    }

    /** What goes with the old password where a new one is set, whatever a policy says of binds. */
    static Owed ofNewPassword(@Nullable Principal principal, boolean approvals) {
        return principal != null && principal.type() != Principal.Type.PERSON ? NOTHING : ofPerson(principal, approvals);
    }

    private static Owed ofPerson(@Nullable Principal principal, boolean approvals) {
        if (approvals) {
            return APPROVAL;
        }
        return principal != null && hasSecondFactor(principal, false) ? SECOND_FACTOR : NOTHING;
    }

    private static SecondFactorPolicy policy(@Nullable Principal principal, @Nullable Principal client) {
        if (client != null && client.secondFactorPolicy() != null) {
            return client.secondFactorPolicy();
        }
        return principal == null ? SecondFactorPolicy.IF_PRESENT : principal.secondFactorPolicy();
    }

    /** Whatever kind of second factor there is. */
    static boolean hasSecondFactor(Principal principal, boolean approvals) {
        return principal.secondFactorSince() != null || approvals && principal.type() == Principal.Type.PERSON;
    }
}
