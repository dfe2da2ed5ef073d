package io.gatehouse.identity;

import io.micronaut.core.annotation.Nullable;
import java.time.Instant;

/** What a password is checked against. */
record StoredPassword(int uidNumber, @Nullable String hash, @Nullable Instant changedAt, UserStatus status, boolean secondFactor,
                      boolean changeRequired) {

    @Override
    public String toString() {
        return "StoredPassword[" + uidNumber + ", " + status + "]";
    }
}
