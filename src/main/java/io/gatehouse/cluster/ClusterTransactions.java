package io.gatehouse.cluster;

import io.gatehouse.platform.Transactions;
import jakarta.inject.Singleton;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.JdbiException;

/** Transactions of those who write the cluster's layout, one after the other: many of its rules look at several rows. */
@Singleton
public final class ClusterTransactions {

    private static final String CLUSTER = "gatehouse.cluster";
    private static final String DIRECTORY = "gatehouse.directory";

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
                lock(handle, CLUSTER);
                return work.withHandle(handle);
            });
        } catch (JdbiException e) {
            throw BrokenConstraint.problem(e).orElseThrow(() -> e);
        }
    }

    /** The same for work that changes what the directory shows: no writer of the directory works meanwhile either. */
    public <T> T writeWithDirectory(HandleCallback<T, RuntimeException> work) {
        return write(handle -> {
            lock(handle, DIRECTORY);
            return work.withHandle(handle);
        });
    }

    public <T> T read(HandleCallback<T, RuntimeException> work) {
        return transactions.read(work);
    }

    /** Keeps the other writers of the layout and of the directory waiting until this transaction ends. */
    public static void lockWithDirectory(Handle handle) {
        lock(handle, CLUSTER);
        lock(handle, DIRECTORY);
    }

    private static void lock(Handle handle, String whose) {
        handle.execute("select pg_advisory_xact_lock(hashtext(?))", whose);
    }
}
