package io.gatehouse.directory;

import io.gatehouse.directory.DirectoryReader.HostRow;
import io.gatehouse.directory.DirectoryReader.PersonRow;
import io.gatehouse.directory.DirectoryReader.ServiceAccountRow;
import java.time.Instant;
import java.util.List;

/**
 * What a principal proves itself by.
 *
 * @param secretHash         SHA-256 of a machine's; null of those who have a password
 * @param secondFactorSince  null: there is none
 * @param secondFactorPolicy a service account's, or null; people have that of their groups
 * @param revision           another one each time this node reads the account
 */
record Credential(String passwordHash, byte[] secretHash, Instant passwordChangedAt, boolean passwordChangeRequired, Instant secondFactorSince,
                  List<AppPassword> appPasswords, SecondFactorPolicy secondFactorPolicy, long revision) {

    static Credential of(PersonRow row, long revision) {
        return new Credential(row.passwordHash(), null, row.passwordChangedAt(), row.passwordChangeRequired(), row.secondFactorSince(),
                row.appPasswords(), null, revision);
    }

    static Credential of(ServiceAccountRow row, long revision) {
        return new Credential(row.passwordHash(), null, row.passwordChangedAt(), false, null, List.of(), row.secondFactorPolicy(), revision);
    }

    static Credential of(HostRow row, long revision) {
        return new Credential(null, row.secretHash(), row.secretChangedAt(), false, null, List.of(), null, revision);
    }

    @Override
    public String toString() {
        return "Credential";
    }
}
