package io.gatehouse.identity;

import io.gatehouse.platform.Transactions;
import jakarta.inject.Singleton;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.JdbiException;

/** Transactions of the directory's writers, one after the other. */
@Singleton
final class DirectoryTransactions {

    private final Transactions transactions;

    DirectoryTransactions(Transactions transactions) {
        this.transactions = transactions;
    }

    /**
     * Does the work while no other writer of the directory does any, on any node; a violated constraint becomes the
     * {@link io.gatehouse.platform.Problem} it stands for.
     */
    <T> T write(HandleCallback<T, RuntimeException> work) {
        try {
            return transactions.write(handle -> {
                lock(handle);
                return work.withHandle(handle);
            });
        } catch (JdbiException e) {
            throw BrokenConstraint.problem(e).orElseThrow(() -> e);
        }
    }

    /** Keeps all other writers of the directory waiting until this transaction ends. */
    static void lock(Handle handle) {
        handle.execute("select pg_advisory_xact_lock(hashtext('gatehouse.directory'))");
    }

    <T> T read(HandleCallback<T, RuntimeException> work) {
        return transactions.read(work);
    }
}
