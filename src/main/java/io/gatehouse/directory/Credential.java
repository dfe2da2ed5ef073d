package io.gatehouse.directory;

import java.time.Instant;
import java.util.List;

/**
 * What a principal proves itself by.
 *
 * @param secondFactorSince null: the password is enough
 */
record Credential(String passwordHash, Instant passwordChangedAt, Instant secondFactorSince, List<AppPassword> appPasswords) {

    /** Of an account that has nothing but a password. */
    Credential(String passwordHash, Instant passwordChangedAt) {
        this(passwordHash, passwordChangedAt, null, List.of());
    }


    @Override
    public String toString() {
        return "Credential";
    }
}
