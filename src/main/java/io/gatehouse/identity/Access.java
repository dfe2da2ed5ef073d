package io.gatehouse.identity;

import io.gatehouse.platform.Problem;
import io.gatehouse.platform.http.Role;
import io.micronaut.security.authentication.Authentication;

/** What a user may do about himself, and an administrator about everybody. */
final class Access {

    private Access() {
    }

    static boolean isAdministrator(Authentication caller) {
        return caller.getRoles().contains(Role.ADMINISTRATOR);
    }

    /** @throws Problem if the caller is neither */
    static void requireSelfOrAdministrator(Authentication caller, String username) {
        if (!caller.getName().equals(username) && !isAdministrator(caller)) {
            throw Problem.of(Problem.Kind.FORBIDDEN, "Only the user and administrators may do this.");
        }
    }
}
