package io.gatehouse.auth;

import io.gatehouse.platform.http.FirstDuty;
import io.micronaut.core.annotation.Nullable;

/**
 * What a login or a refresh brings.
 *
 * @param firstDuty null: everything is open that the rights allow
 * @param access    a JWT
 * @param refresh   opaque, for one use
 */
record Tokens(String username, boolean administrator, @Nullable FirstDuty firstDuty, String access, String refresh) {

    /** Without the tokens. */
    @Override
    public String toString() {
        return "Tokens[" + username + "]";
    }
}
