package io.gatehouse.bench;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.stream.Stream;
import org.jdbi.v3.core.Jdbi;

/** A PostgreSQL of the benchmark's own, with a database for each population. */
final class BenchDatabase implements AutoCloseable {

    private static final String USER = "postgres";

    private final EmbeddedPostgres postgres;

    private BenchDatabase(EmbeddedPostgres postgres) {
        this.postgres = postgres;
    }

    static BenchDatabase start() {
        try {
            return new BenchDatabase(EmbeddedPostgres.builder().setServerConfig("max_connections", "100").start());
        } catch (IOException e) {
            throw new UncheckedIOException("The embedded PostgreSQL does not start", e);
        }
    }

    String username() {
        return USER;
    }

    /** @return the URL of a new, empty database */
    String create(Population population) {
        Jdbi.create(postgres.getPostgresDatabase()).useHandle(handle -> handle.execute("create database bench_" + population.users()));
        return url(population);
    }

    String url(Population population) {
        return postgres.getJdbcUrl(USER, "bench_" + population.users());
    }

    /** @param statements run in one transaction */
    void fill(Population population, Stream<String> statements) {
        Jdbi.create(postgres.getDatabase(USER, "bench_" + population.users())).useTransaction(handle -> statements.forEach(handle::execute));
    }

    @Override
    public void close() {
        try {
            postgres.close();
        } catch (IOException e) {
            throw new UncheckedIOException("The embedded PostgreSQL does not stop", e);
        }
    }
}
