package io.gatehouse.identity;

import io.micronaut.core.annotation.Nullable;
import org.jdbi.v3.core.Handle;

/** Ends what an account holds open, such as its sessions, when its password or second factor changes or it may no longer log in. */
public interface AccessRevocation {

    /**
     * In the transaction of the cause.
     *
     * @param except the session that stays; null for none
     */
    void revoke(Handle handle, int uidNumber, @Nullable String except);
}
