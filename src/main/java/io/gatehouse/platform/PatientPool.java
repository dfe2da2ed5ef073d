package io.gatehouse.platform;

import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import org.jdbi.v3.core.ConnectionFactory;

/**
 * Gives out the pool's connections. When all of them are busy with others' work one waits for longer than when there is none to be
 * had: a crowd passes, and is no failure of the database.
 */
final class PatientPool implements ConnectionFactory {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final HikariDataSource pool;

    PatientPool(HikariDataSource pool) {
        this.pool = pool;
    }

    @Override
    public Connection openConnection() throws SQLException {
        long deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try {
                return pool.getConnection();
            } catch (SQLTransientConnectionException e) {
                if (!isBusy() || System.nanoTime() > deadline) {
                    throw e;
                }
            }
        }
    }

    /** Connections that are lost leave the pool, so these are good ones. */
    private boolean isBusy() {
        return pool.getHikariPoolMXBean().getActiveConnections() >= pool.getMaximumPoolSize();
    }
}
