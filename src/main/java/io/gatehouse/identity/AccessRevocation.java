package io.gatehouse.identity;

import org.jdbi.v3.core.Handle;

/** Ends what an account holds open, such as its sessions, when its password changes or it may no longer log in. */
public interface AccessRevocation {

    /** In the transaction of the cause. */
    void revoke(Handle handle, int uidNumber);
}
