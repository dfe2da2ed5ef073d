package io.gatehouse.directory;

import java.security.MessageDigest;
import java.time.Instant;
import java.util.List;

/**
 * Somebody who may bind.
 *
 * @param name                   the user name, or the service account's
 * @param passwordHash           null: no password was set, so none is right
 * @param secretHash             SHA-256 of a machine's secret, which the server made up; null of others
 * @param passwordChangedAt      a connection that was bound before this has to bind again
 * @param passwordChangeRequired whether whoever binds with this password must set another one before anything else
 * @param secondFactorSince      null: there is none; a connection that was bound before this has to bind again
 * @param appPasswords           what programs of this person prove themselves by
 * @param secondFactorPolicy     of a person the strongest of the groups; of a service account the one for the people who bind after it,
 *                               null to leave it to their groups
 * @param revision               changes on this node with anything about the account
 */
public record Principal(Type type, int entryId, String name, String dn, String passwordHash, byte[] secretHash, Instant passwordChangedAt,
                        boolean passwordChangeRequired, Instant secondFactorSince, List<AppPassword> appPasswords,
                        SecondFactorPolicy secondFactorPolicy, long revision) {

    public enum Type { PERSON, SERVICE_ACCOUNT, MACHINE }

    /** @param presented the SHA-256 of what the machine says its secret is */
    public boolean hasSecret(byte[] presented) {
        return MessageDigest.isEqual(secretHash, presented);
    }

    @Override
    public String toString() {
        return type + " " + dn;
    }
}
