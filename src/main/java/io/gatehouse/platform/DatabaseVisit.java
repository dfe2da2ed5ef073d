package io.gatehouse.platform;

import io.micronaut.core.annotation.Nullable;
import io.micronaut.core.value.PropertyResolver;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;

/**
 * The database for a command that looks at it beside the server: the configured one, or the embedded one of the data directory,
 * which is started for the visit if no server runs there. Nothing is migrated, and no part of the server is made.
 */
public final class DatabaseVisit implements AutoCloseable {

    private static final String SOURCE = "datasources.default.";

    private final PropertyResolver settings;
    private DataDirectory data;
    private LocalPostgres started;

    /** @param settings those of the server */
    public DatabaseVisit(PropertyResolver settings) {
        this.settings = settings;
    }

    /** @throws StartupFailure if there is none, or it does not answer */
    public Connection connect() {
        var url = text(SOURCE + "url");
        return url == null ? connectLocally() : connect(url, text(SOURCE + "username"), text(SOURCE + "password"));
    }

    private @Nullable String text(String name) {
        return settings.getProperty(name, String.class).orElse(null);
    }

    private Connection connectLocally() {
        var folder = Path.of(settings.getRequiredProperty("gatehouse.data-dir", String.class)).toAbsolutePath().normalize();
        if (!LocalPostgres.isIn(folder)) {
            throw new StartupFailure("There is no database in " + folder + ". Set GATEHOUSE_DATA_DIR or DATASOURCES_DEFAULT_URL as the server has it.");
        }
        data = DataDirectory.ifFree(folder).orElse(null);
        if (data == null) {
            return connect(LocalPostgres.runningUrl(folder), LocalPostgres.OWNER, LocalPostgres.ownerPassword(folder));
        }
        started = LocalPostgres.start(data);
        return connect(started.url(), LocalPostgres.OWNER, started.ownerPassword());
    }

    private static Connection connect(String url, @Nullable String username, @Nullable String password) {
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

    /** Leaves everything as it was. */
    @Override
    public void close() {
        if (started != null) {
            started.close();
        }
        if (data != null) {
            data.release();
        }
    }
}
