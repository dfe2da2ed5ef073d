package io.gatehouse.join;

import io.micronaut.serde.annotation.Serdeable;

/**
 * What a container needs to bind, told once: the server keeps a hash only.
 *
 * @param dn what to bind as
 */
@Serdeable
record MachineAccountPassword(String dn, String password) {

    /** Without the password. */
    @Override
    public String toString() {
        return "MachineAccountPassword[" + dn + "]";
    }
}
