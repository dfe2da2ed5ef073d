package io.gatehouse.platform;

import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/**
 * The database for a command that looks at it beside the server: the configured one, or the embedded one of the data directory,
 * which is started for the visit if no server runs there. Nothing is migrated.
 */
@Singleton
public final class DatabaseVisit {

    private final DatabaseConfiguration configuration;
    private final PlatformConfiguration platform;
    private DataDirectory data;
    private LocalPostgres started;

    DatabaseVisit(DatabaseConfiguration configuration, PlatformConfiguration platform) {
        this.configuration = configuration;
        this.platform = platform;
    }

    /** @throws StartupFailure if there is none, or it does not answer */
    public Connection connect() {
        return configuration.url() == null ? connectLocally() : connect(configuration.url(), configuration.username(), configuration.password());
    }

    private Connection connectLocally() {
        var folder = platform.dataDir().toAbsolutePath().normalize();
        if (!LocalPostgres.isIn(folder)) {
            throw new StartupFailure("There is no database in " + folder + ". Set GATEHOUSE_DATA_DIR or DATASOURCES_DEFAULT_URL as the server has it.");
        }
        data = DataDirectory.ifFree(platform).orElse(null);
        if (data == null) {
            return connect(LocalPostgres.runningUrl(folder), LocalPostgres.OWNER, LocalPostgres.ownerPassword(folder));
        }
        started = LocalPostgres.start(data);
        return connect(started.url(), LocalPostgres.OWNER, started.ownerPassword());
    }

    private static Connection connect(String url, String username, String password) {
        var properties = new Properties();
        if (username != null) {
            properties.setProperty("user", username);
        }
        if (password != null) {
            properties.setProperty("password", password);
        }
        properties.setProperty("ApplicationName", "gatehouse visit");
        try {
            return DriverManager.getConnection(url, properties);
        } catch (SQLException e) {
            throw new StartupFailure("Cannot reach PostgreSQL at " + url.replaceFirst("\\?.*", "") + " (" + e.getMessage() + ").", e);
        }
    }

    @PreDestroy
    void leave() throws Exception {
        if (started != null) {
            started.close();
        }
        if (data != null) {
            data.release();
        }
    }
}
