package io.gatehouse.platform;

/** The database cannot be reached; nothing was changed, or it is unknown whether it was. HTTP 503, LDAP unavailable (52). */
public final class Unavailable extends RuntimeException {

    Unavailable(Throwable cause) {
        super("The database cannot be reached at the moment; try again shortly.", cause);
    }
}
