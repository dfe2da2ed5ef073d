package io.gatehouse.auth;

/**
 * What a login or a refresh brings.
 *
 * @param access  a JWT
 * @param refresh opaque, for one use
 */
record Tokens(String username, boolean administrator, String access, String refresh) {

    /** Without the tokens. */
    @Override
    public String toString() {
        return "Tokens[" + username + "]";
    }
}
