package io.gatehouse.credentials;

/** Why a text is not taken as a password hash; never holds a part of it. */
final class HashRefused extends Exception {

    private static final long serialVersionUID = 1;

    private HashRefused(String reason) {
        super(reason, null, false, false);
    }

    static HashRefused damaged(String form, String what) {
        return new HashRefused("The " + form + " hash is damaged: " + what);
    }

    /** @param limit the highest cost that is taken, and what it is counted in */
    static HashRefused tooCostly(String form, String limit) {
        return new HashRefused("The " + form + " hash costs too much to check: the limit is " + limit + ".");
    }

    static HashRefused unknown(String reason) {
        return new HashRefused(reason);
    }
}
