package io.gatehouse.platform;

import io.micronaut.core.propagation.PropagatedContext;
import io.micronaut.core.propagation.PropagatedContextElement;
import jakarta.inject.Singleton;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.HandleCallback;
import org.jdbi.v3.core.JdbiException;

/** How everything reads and writes the database. */
@Singleton
public final class Transactions {

    private final Database database;
    private final ChangeFeed feed;

    Transactions(Database database, ChangeFeed feed) {
        this.database = database;
        this.feed = feed;
    }

    /**
     * One transaction. When this returns, it is committed, and this node's {@link ChangeListener}s have seen its changes, as
     * far as the change feed is connected.
     *
     * @throws Unavailable if the database cannot be reached
     */
    public <T, X extends Exception> T write(HandleCallback<T, X> work) throws X {
        var whole = Whole.present();
        if (whole != null) {
            return whole.join(work);
        }
        try (var mark = feed.mark()) {
            T result = reaching(() -> database.jdbi().inTransaction(handle -> {
                T value = work.withHandle(handle);
                mark.sendWith(handle);
                return value;
            }));
            mark.await();
            return result;
        }
    }

    /** @throws Unavailable if the database cannot be reached */
    public <T, X extends Exception> T read(HandleCallback<T, X> work) throws X {
        var whole = Whole.present();
        return whole != null ? whole.join(work) : reaching(() -> database.jdbi().withHandle(work));
    }

    /**
     * Where this is in the context, reads and writes join the handle's transaction instead of having their own. The first write
     * that fails rolls it back, and whoever has begun it must not commit it then.
     */
    public static PropagatedContextElement joining(Handle handle) {
        return new Whole(handle);
    }

    private record Whole(Handle handle) implements PropagatedContextElement {

        static Whole present() {
            return PropagatedContext.getOrEmpty().find(Whole.class).orElse(null);
        }

        <T, X extends Exception> T join(HandleCallback<T, X> work) throws X {
            try {
                return reaching(() -> work.withHandle(handle));
            } catch (Exception e) {
                release();
                throw e;
            }
        }

        /** Lets go of the locks at once: what is done about the failure, on another connection, may need them. */
        private void release() {
            try {
                handle.getConnection().rollback();
            } catch (SQLException e) {
                // The connection is lost, and with it the transaction.
            }
        }
    }

    private interface Access<T, X extends Exception> {
        T run() throws X;
    }

    private static <T, X extends Exception> T reaching(Access<T, X> access) throws X {
        try {
            return access.run();
        } catch (JdbiException e) {
            if (isUnreachable(e)) {
                throw new Unavailable(e);
            }
            throw e;
        }
    }

    private static boolean isUnreachable(Throwable failure) {
        for (var cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof SQLTransientConnectionException) {
                return true;
            }
            // Class 08: connection exceptions; 57P01..3: shut down, crash recovery, starting up; 25006: a standby.
            if (cause instanceof SQLException sql && sql.getSQLState() != null
                    && (sql.getSQLState().startsWith("08") || sql.getSQLState().startsWith("57P") || sql.getSQLState().equals("25006"))) {
                return true;
            }
        }
        return false;
    }
}
