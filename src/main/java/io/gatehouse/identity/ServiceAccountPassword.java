package io.gatehouse.identity;

import io.micronaut.serde.annotation.Serdeable;

/**
 * What a client needs to bind, shown once: the server keeps a hash only.
 *
 * @param dn what to bind as
 */
@Serdeable
public record ServiceAccountPassword(String name, String dn, String password) {

    /** Without the password. */
    @Override
    public String toString() {
        return "ServiceAccountPassword[" + name + "]";
    }
}
