package io.gatehouse.identity;

import io.gatehouse.credentials.PasswordHashing;
import io.gatehouse.credentials.PasswordHashing.Verdict;
import io.gatehouse.platform.Problem;
import io.micronaut.core.annotation.Nullable;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jdbi.v3.core.Handle;

/** Passwords that their owners must change before anything else: only a choice of their own ends that. */
@Singleton
final class PasswordChangeDuty {

    /**
     * What an owner's new password was compared with.
     *
     * @param required  whether the owner must change the password
     * @param changedAt when the old one was set; null if there is none
     */
    record Compared(boolean required, @Nullable Instant changedAt) {

        static final Compared WITH_NOTHING = new Compared(false, null);
    }

    private final DirectoryTransactions transactions;
    private final UserRows rows;
    private final PasswordHashing hashing;

    PasswordChangeDuty(DirectoryTransactions transactions, UserRows rows, PasswordHashing hashing) {
        this.transactions = transactions;
        this.rows = rows;
        this.hashing = hashing;
    }

    /**
     * Hashes the new password if there is something to compare it with, so not to be called inside of a transaction.
     *
     * @throws Problem if it is the very one that must be changed
     */
    Compared compare(String username, String password) {
        var stored = transactions.read(handle -> rows.password(handle, username)).filter(StoredPassword::changeRequired).orElse(null);
        if (stored == null) {
            return Compared.WITH_NOTHING;
        }
        if (stored.hash() != null && hashing.verify(stored.hash(), password.getBytes(StandardCharsets.UTF_8)) != Verdict.MISMATCH) {
            throw Problem.invalidSecret("password", "The password must be changed: choose another one than the present one.");
        }
        return new Compared(true, stored.changedAt());
    }

    /**
     * To be called before the new password is stored. A duty that was set, or a password that was, after the comparison stays one.
     *
     * @return whether there was one, and it is over
     */
    boolean fulfil(Handle handle, int uidNumber, Compared compared) {
        return compared.required() && rows.endPasswordChangeRequired(handle, uidNumber, compared.changedAt());
    }
}
