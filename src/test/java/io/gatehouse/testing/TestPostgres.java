package io.gatehouse.testing;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicInteger;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.postgresql.PostgreSQLContainer;
import org.testcontainers.utility.DockerImageName;

/**
 * The PostgreSQL of this test JVM, from which everyone gets a fresh database of their own. It is a container where a Docker
 * engine answers, and the embedded one elsewhere; {@code -Dgatehouse.test.postgres=embedded} or {@code container} decides.
 */
public final class TestPostgres {

    /** A fresh, empty database. */
    public record TestDatabase(String url, String username, String password) {
    }

    private interface Engine {

        TestDatabase database(String name);
    }

    private static final String MAX_CONNECTIONS = "200";

    private static final AtomicInteger COUNT = new AtomicInteger();

    private TestPostgres() {
    }

    public static TestDatabase freshDatabase() {
        var engine = Holder.ENGINE;
        var name = "t" + COUNT.incrementAndGet();
        var admin = engine.database("postgres");
        try (var connection = DriverManager.getConnection(admin.url(), admin.username(), admin.password());
             var statement = connection.createStatement()) {
            statement.execute("create database " + name);
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
        return engine.database(name);
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
                return name -> new TestDatabase("jdbc:postgresql://127.0.0.1:" + postgres.getPort() + "/" + name, "postgres", "postgres");
            } catch (IOException e) {
                throw new IllegalStateException("The embedded PostgreSQL does not start", e);
            }
        }

        private static Engine container() {
            var image = DockerImageName.parse(System.getProperty("gatehouse.test.postgres.image", "postgres:18"));
            var postgres = new PostgreSQLContainer(image.asCompatibleSubstituteFor("postgres"))
                    .withCommand("postgres", "-c", "fsync=off", "-c", "max_connections=" + MAX_CONNECTIONS);
            postgres.start();
            return name -> new TestDatabase("jdbc:postgresql://" + postgres.getHost() + ":" + postgres.getMappedPort(5432) + "/" + name,
                    postgres.getUsername(), postgres.getPassword());
        }
    }
}
