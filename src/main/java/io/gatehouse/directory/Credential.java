package io.gatehouse.directory;

import java.time.Instant;
import java.util.List;

/**
 * What a principal proves itself by.
 *
 * @param secondFactorSince null: the password is enough
 * @param revision          another one each time this node reads the account
 */
record Credential(String passwordHash, Instant passwordChangedAt, Instant secondFactorSince, List<AppPassword> appPasswords,
                  long revision) {

    /** Of an account that has nothing but a password. */
    Credential(String passwordHash, Instant passwordChangedAt, long revision) {
        this(passwordHash, passwordChangedAt, null, List.of(), revision);
    }


    @Override
    public String toString() {
        return "Credential";
    }
}
