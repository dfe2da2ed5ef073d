package io.gatehouse.platform.http;

import io.gatehouse.platform.Problem;

/**
 * Whoever is logged in and asks; a controller's method can take it as a parameter.
 *
 * @param name          a user name; of a service account's API key something that is none
 * @param administrator at this moment
 */
public record Caller(String name, boolean administrator) {

    public boolean is(String username) {
        return name.equals(username);
    }

    /** @throws Problem if the caller is neither */
    public void requireSelfOrAdministrator(String username) {
        if (!administrator && !is(username)) {
            throw Problem.of(Problem.Kind.FORBIDDEN, "Only the user and administrators may do this.");
        }
    }
}
