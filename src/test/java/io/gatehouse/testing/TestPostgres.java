package io.gatehouse.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.flywaydb.core.Flyway;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * The PostgreSQL of this test JVM, from which everyone gets a fresh database of their own. It is a container where a Docker
 * engine answers, and the embedded one elsewhere; {@code -Dgatehouse.test.postgres=embedded} or {@code container} decides.
 */
public final class TestPostgres {

    /** A role that may connect. */
    public record Login(String username, String password) {
    }

    /**
     * A fresh, empty database, with the roles that a careful operator would make: one that owns it, and one for the server, which
     * may do no more than it needs.
     */
    public record TestDatabase(String url, Login application, Login owner, Login superuser) {

        /** As of-the-server settings have it. */
        public Map<String, Object> settings() {
            return Map.of(
                    "datasources.default.url", url,
                    "datasources.default.username", application.username(),
                    "datasources.default.password", application.password(),
                    "gatehouse.database.owner.username", owner.username(),
                    "gatehouse.database.owner.password", owner.password());
        }

        public Connection connect(Login role) throws SQLException {
            return DriverManager.getConnection(url, role.username(), role.password());
        }

        /** Until {@link #returns()}. */
        public void goes() {
            Holder.ENGINE.execute("alter database " + name() + " with allow_connections false");
            Holder.ENGINE.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = '" + name() + "'");
        }

        public void returns() {
            Holder.ENGINE.execute("alter database " + name() + " with allow_connections true");
        }

        /** Whoever is connected still is thrown out. */
        void drop() {
            Holder.ENGINE.execute("drop database " + name() + " with (force)");
        }

        private String name() {
            return url.substring(url.lastIndexOf('/') + 1);
        }
    }

    private record Engine(String urlPrefix, Login superuser) {

        TestDatabase database(String name) {
            return new TestDatabase(urlPrefix + name, APPLICATION, OWNER, superuser);
        }

        Engine withRoles() {
            for (var role : List.of(OWNER, APPLICATION)) {
                execute("create role " + role.username() + " login password '" + role.password() + "'");
            }
            return this;
        }

        void execute(String sql) {
            try (var connection = database("postgres").connect(superuser); var statement = connection.createStatement()) {
                statement.execute(sql);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
        }
    }

    private static final Login APPLICATION = new Login("gatehouse", "of-the-server");
    private static final Login OWNER = new Login("gatehouse_owner", "of-the-owner");

    private static final String MAX_CONNECTIONS = "200";

    private static final AtomicInteger COUNT = new AtomicInteger();

    private TestPostgres() {
    }

    public static TestDatabase freshDatabase() {
        return database("");
    }

    /** As {@link #freshDatabase()}, with all migrations done, which is faster than to do them again. */
    static TestDatabase migratedDatabase() {
        return database(" template " + Template.NAME);
    }

    private static TestDatabase database(String options) {
        var name = "t" + COUNT.incrementAndGet();
        Holder.ENGINE.execute("create database " + name + " owner " + OWNER.username() + options);
        return Holder.ENGINE.database(name);
    }

    private static final class Template {

        static final String NAME = migrated();

        private static String migrated() {
            Holder.ENGINE.execute("create database migrated owner " + OWNER.username());
            // What is said again after each migration is said by the server that starts on a copy.
            Flyway.configure().dataSource(Holder.ENGINE.database("migrated").url(), OWNER.username(), OWNER.password()).skipDefaultCallbacks(true).load().migrate();
            return "migrated";
        }
    }

    private static final class Holder {

        static final Engine ENGINE = switch (System.getProperty("gatehouse.test.postgres", "auto")) {
            case "embedded" -> embedded();
            case "container" -> container();
            default -> DockerClientFactory.instance().isDockerAvailable() ? container() : embedded();
        };

        private static Engine embedded() {
            try {
                var postgres = EmbeddedPostgres.builder().setServerConfig("max_connections", MAX_CONNECTIONS).start();
                return new Engine("jdbc:postgresql://127.0.0.1:" + postgres.getPort() + "/", new Login("postgres", "postgres")).withRoles();
            } catch (IOException e) {
                throw new IllegalStateException("The embedded PostgreSQL does not start", e);
            }
        }

        private static Engine container() {
            var image = DockerImageName.parse(System.getProperty("gatehouse.test.postgres.image", "postgres:18"));
            var postgres = new PostgreSQLContainer(image.asCompatibleSubstituteFor("postgres"))
                    .withCommand("postgres", "-c", "fsync=off", "-c", "max_connections=" + MAX_CONNECTIONS);
            postgres.start();
            return new Engine("jdbc:postgresql://" + postgres.getHost() + ":" + postgres.getMappedPort(5432) + "/",
                    new Login(postgres.getUsername(), postgres.getPassword())).withRoles();
        }
    }
}
