package io.gatehouse.ldap;

import java.util.UUID;

/** What whoever is bound proved it by. */
sealed interface Proof {

    /** The own password, with a second factor if the account has one. */
    record Complete() implements Proof {
    }

    /** The own password alone, of an account that has a second factor, where a policy does not ask for it. */
    record PasswordAlone() implements Proof {
    }

    /** A password that was made for a program. */
    record AppPassword(UUID id) implements Proof {
    }

    Proof COMPLETE = new Complete();
    Proof PASSWORD_ALONE = new PasswordAlone();
}
