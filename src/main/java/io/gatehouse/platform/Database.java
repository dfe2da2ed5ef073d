package io.gatehouse.platform;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import com.zaxxer.hikari.pool.HikariPool;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Map;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.flywaydb.core.api.FlywayException;
import org.jdbi.v3.core.HandleConsumer;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.statement.StatementExceptions;
import org.jdbi.v3.postgres.PostgresPlugin;
import org.postgresql.ds.PGSimpleDataSource;

/** The PostgreSQL that holds the truth, migrated: the configured one, or the embedded one. */
@Singleton
public final class Database {

    private static final int OLDEST_SUPPORTED_VERSION = 14;
    private static final int CONNECT_LIMIT_MILLIS = 3_000;

    private final LocalPostgres local;
    private final HikariDataSource pool;
    private final Jdbi jdbi;
    private final Jdbi owner;

    Database(DatabaseConfiguration configuration, OwnerConfiguration ownerConfiguration, DataDirectory data, MeterRegistry meters) {
        local = configuration.url() == null ? LocalPostgres.start(data) : null;
        try {
            pool = open(configuration, meters);
        } catch (RuntimeException e) {
            closeLocal();
            throw e;
        }
        try {
            var owning = owning(ownerConfiguration);
            migrate(owning);
            jdbi = quiet(Jdbi.create(new PatientPool(pool)));
            owner = quiet(Jdbi.create(owning));
        } catch (RuntimeException e) {
            close();
            throw e;
        }
    }

    private static Jdbi quiet(Jdbi jdbi) {
        jdbi.installPlugin(new PostgresPlugin());
        // Arguments of statements, password hashes among them, must not reach a log by an exception's message.
        jdbi.getConfig(StatementExceptions.class).setMessageRendering(StatementExceptions.MessageRendering.NONE);
        return jdbi;
    }

    /** For reads. Writes go through {@link Transactions}. */
    public Jdbi jdbi() {
        return jdbi;
    }

    /** One transaction of the role that owns the schema, for the rare thing that the server's own role may not do. */
    public void asOwner(HandleConsumer<RuntimeException> work) {
        owner.useTransaction(work);
    }

    /** A connection of its own, outside the pool, for whoever keeps one for good. */
    Connection connect() throws SQLException {
        return DriverManager.getConnection(pool.getJdbcUrl(), pool.getUsername(), pool.getPassword());
    }

    private HikariDataSource open(DatabaseConfiguration configuration, MeterRegistry meters) {
        var settings = new HikariConfig();
        settings.setPoolName("gatehouse");
        settings.setJdbcUrl(local == null ? configuration.url() : local.url());
        settings.setUsername(local == null ? configuration.username() : LocalPostgres.APPLICATION);
        settings.setPassword(local == null ? configuration.password() : local.password());
        settings.setMaximumPoolSize(configuration.maximumPoolSize());
        settings.setMinimumIdle(1);
        settings.setMetricRegistry(meters);
        settings.setConnectionTimeout(CONNECT_LIMIT_MILLIS);
        settings.setInitializationFailTimeout(CONNECT_LIMIT_MILLIS);
        settings.addDataSourceProperty("connectTimeout", CONNECT_LIMIT_MILLIS / 1000);
        settings.addDataSourceProperty("ApplicationName", "gatehouse");
        // The detail of a broken constraint is the whole row.
        settings.addDataSourceProperty("logServerErrorDetail", "false");
        try {
            return new HikariDataSource(settings);
        } catch (HikariPool.PoolInitializationException | IllegalArgumentException e) {
            var reason = e.getCause() == null ? e.getMessage() : e.getCause().getMessage();
            throw new StartupFailure("Cannot reach PostgreSQL at " + settings.getJdbcUrl().replaceFirst("\\?.*", "") + " (" + reason
                    + "). Check DATASOURCES_DEFAULT_URL, _USERNAME and _PASSWORD, or unset them to use the embedded one.", e);
        }
    }

    /** Where connections of the schema's owner come from. */
    private DataSource owning(OwnerConfiguration configuration) {
        if (local == null && configuration.username() == null) {
            return pool;
        }
        var source = new PGSimpleDataSource();
        source.setUrl(pool.getJdbcUrl());
        source.setUser(local == null ? configuration.username() : LocalPostgres.OWNER);
        source.setPassword(local == null ? configuration.password() : local.ownerPassword());
        source.setConnectTimeout(CONNECT_LIMIT_MILLIS / 1000);
        source.setApplicationName("gatehouse owner");
        source.setLogServerErrorDetail(false);
        return source;
    }

    private void migrate(DataSource owning) {
        try (var connection = pool.getConnection()) {
            int version = connection.getMetaData().getDatabaseMajorVersion();
            if (version < OLDEST_SUPPORTED_VERSION) {
                throw new StartupFailure("PostgreSQL " + version + " is too old: Gatehouse needs " + OLDEST_SUPPORTED_VERSION + " or later.");
            }
        } catch (SQLException e) {
            throw new StartupFailure("The database does not tell its version (" + e.getMessage() + ").", e);
        }
        try {
            var flyway = Flyway.configure().dataSource(owning);
            flyway.placeholders(Map.of("application", pool.getUsername() == null ? "" : pool.getUsername(), "history", flyway.getTable())).load().migrate();
        } catch (FlywayException e) {
            throw new StartupFailure("The database could not be brought up to date (" + e.getMessage().lines().findFirst().orElse("")
                    + "). Its user, or the one that GATEHOUSE_DATABASE_OWNER_USERNAME names, must own the schema; "
                    + "the log tells which migration failed.", e);
        }
    }

    @PreDestroy
    void close() {
        pool.close();
        closeLocal();
    }

    private void closeLocal() {
        if (local != null) {
            local.close();
        }
    }
}
