package io.gatehouse.directory;

import java.time.Instant;

/**
 * Somebody who may bind.
 *
 * @param name              the user name, or the service account's
 * @param passwordHash      null: no password was set, so none is right
 * @param passwordChangedAt a connection that was bound before this has to bind again
 */
public record Principal(Type type, int entryId, String name, String dn, String passwordHash, Instant passwordChangedAt) {

    public enum Type { PERSON, SERVICE_ACCOUNT }

    @Override
    public String toString() {
        return type + " " + dn;
    }
}
