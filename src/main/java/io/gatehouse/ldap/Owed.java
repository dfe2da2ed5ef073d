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
    /** One of the second factors that the person has. */
    SECOND_FACTOR,
    /** A second factor that the person does not have: refused, once the password has turned out right. */
    MISSING_SECOND_FACTOR;

    /**
     * The policy of the service account goes before that of the person's groups.
     *
     * @param principal who binds
     * @param client    the service account that the connection was bound as last; null if there is none
     */
    static Owed of(Principal principal, @Nullable Principal client) {
        if (principal.type() != Principal.Type.PERSON) {
            return NOTHING;
        }
        boolean has = hasSecondFactor(principal);
        return switch (policy(principal, client)) {
            case NOT_NEEDED -> NOTHING;
            case IF_PRESENT -> has ? SECOND_FACTOR : NOTHING;
            case REQUIRED -> has ? SECOND_FACTOR : MISSING_SECOND_FACTOR;
        };
    }

    private static SecondFactorPolicy policy(Principal principal, @Nullable Principal client) {
        return client == null || client.secondFactorPolicy() == null ? principal.secondFactorPolicy() : client.secondFactorPolicy();
    }

    /** Whatever kind of second factor there is. */
    private static boolean hasSecondFactor(Principal principal) {
        return principal.secondFactorSince() != null;
    }
}
