package io.gatehouse.directory;

import java.time.Instant;

/** What a principal proves itself by. */
record Credential(String passwordHash, Instant passwordChangedAt) {

    @Override
    public String toString() {
        return "Credential";
    }
}
