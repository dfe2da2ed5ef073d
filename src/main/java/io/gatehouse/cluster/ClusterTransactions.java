package io.gatehouse.cluster;

import io.gatehouse.platform.Transactions;
import jakarta.inject.Singleton;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.JdbiException;

/** Transactions of those who write the cluster's layout, one after the other: many of its rules look at several rows. */
@Singleton
public final class ClusterTransactions {

    private final Transactions transactions;

    ClusterTransactions(Transactions transactions) {
        this.transactions = transactions;
    }

    /**
     * Does the work while no other writer of the layout does any, on any node; a violated constraint becomes the
     * {@link io.gatehouse.platform.Problem} it stands for.
     */
    public <T> T write(HandleCallback<T, RuntimeException> work) {
        try {
            return transactions.write(handle -> {
                handle.execute("select pg_advisory_xact_lock(hashtext('gatehouse.cluster'))");
                return work.withHandle(handle);
            });
        } catch (JdbiException e) {
            throw BrokenConstraint.problem(e).orElseThrow(() -> e);
        }
    }

    /** The same for work that changes what the directory shows: no writer of the directory works meanwhile either. */
    public <T> T writeWithDirectory(HandleCallback<T, RuntimeException> work) {
        return write(handle -> {
            handle.execute("select pg_advisory_xact_lock(hashtext('gatehouse.directory'))");
            return work.withHandle(handle);
        });
    }

    public <T> T read(HandleCallback<T, RuntimeException> work) {
        return transactions.read(work);
    }
}
