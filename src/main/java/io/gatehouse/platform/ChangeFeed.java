package io.gatehouse.platform;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.micronaut.context.BeanProvider;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells {@link ChangeListener}s what any node committed, by PostgreSQL's {@code LISTEN/NOTIFY}. The database delivers
 * notifications in commit order, and those of one transaction together; a connection that was lost is made again, and then
 * everybody reloads.
 */
@Singleton
public final class ChangeFeed {

    static final String CHANNEL = "gatehouse";

    private static final Logger LOG = LoggerFactory.getLogger(ChangeFeed.class);
    private static final String MARK = "mark";
    private static final String RELOAD = "reload";
    private static final Duration SILENCE_LIMIT = Duration.ofSeconds(10);
    private static final Duration RECONNECT_PAUSE = Duration.ofMillis(250);
    private static final Duration MARK_LIMIT = Duration.ofSeconds(5);
    private static final Duration[] LAG_BUCKETS = Stream.of(1, 2, 5, 10, 20, 50, 100, 250, 1_000, 5_000).map(Duration::ofMillis).toArray(Duration[]::new);

    private final Database database;
    private final BeanProvider<ChangeListener> listeners;
    private final Map<String, CompletableFuture<Void>> marks = new ConcurrentHashMap<>();
    private volatile Connection connection;
    private volatile boolean stopped;
    private volatile long heardNanos = System.nanoTime();
    private final Counter reconnects;
    private final Timer lag;

    ChangeFeed(Database database, BeanProvider<ChangeListener> listeners, MeterRegistry meters) {
        this.database = database;
        this.listeners = listeners;
        reconnects = Counter.builder("gatehouse.change.feed.reconnects").description("Times the change feed was connected again")
                .register(meters);
        lag = Timer.builder("gatehouse.change.feed.lag").description("From a commit on this node to its sight in this node's directory")
                .serviceLevelObjectives(LAG_BUCKETS).register(meters);
        Gauge.builder("gatehouse.change.feed.connected", this, feed -> feed.isConnected() ? 1 : 0)
                .description("1 while this node sees changes").register(meters);
        Gauge.builder("gatehouse.change.feed.silence", this, feed -> (System.nanoTime() - feed.heardNanos) / 1e9).baseUnit("seconds")
                .description("Time since the database was last heard on the change feed").register(meters);
    }

    /** Connects and lets every listener load; returns when they have. */
    public void start() {
        try {
            connect();
        } catch (SQLException e) {
            throw new StartupFailure("Cannot listen for changes in PostgreSQL (" + e.getMessage()
                    + "). LISTEN needs a direct connection or a session-pooling proxy.", e);
        }
        Thread.ofVirtual().name("change-feed").start(this::run);
    }

    /** Whether this node sees changes at the moment. */
    public boolean isConnected() {
        return connection != null;
    }

    Mark mark() {
        return new Mark(UUID.randomUUID().toString());
    }

    private void connect() throws SQLException {
        var fresh = database.connect();
        try (var listen = fresh.createStatement()) {
            listen.execute("listen " + CHANNEL);
            listeners.forEach(ChangeListener::reload);
        } catch (SQLException | RuntimeException e) {
            fresh.close();
            throw e;
        }
        connection = fresh;
    }

    private void run() {
        while (!stopped) {
            try {
                if (connection == null) {
                    connect();
                    reconnects.increment();
                    LOG.info("The change feed is connected again");
                }
                receive(connection);
            } catch (SQLException | RuntimeException e) {
                if (!stopped) {
                    disconnected(e);
                }
            }
        }
    }

    private void receive(Connection feed) throws SQLException {
        var notifications = feed.unwrap(PGConnection.class).getNotifications((int) SILENCE_LIMIT.toMillis());
        if (notifications == null || notifications.length == 0) {
            if (!feed.isValid((int) SILENCE_LIMIT.toSeconds())) {
                throw new SQLException("no answer from the database");
            }
            heardNanos = System.nanoTime();
            return;
        }
        heardNanos = System.nanoTime();
        var changes = new ArrayList<Change>();
        var reached = new ArrayList<String>();
        for (var notification : notifications) {
            var change = Change.parse(notification.getParameter());
            if (change.table().equals(MARK)) {
                reached.add(change.key());
            } else {
                changes.add(change);
            }
        }
        deliver(changes);
        reached.forEach(this::reach);
    }

    private void deliver(List<Change> changes) {
        if (changes.isEmpty()) {
            return;
        }
        if (changes.stream().anyMatch(change -> change.table().equals(RELOAD))) {
            listeners.forEach(ChangeListener::reload);
        } else {
            listeners.forEach(listener -> listener.changed(changes));
        }
    }

    private void reach(String mark) {
        var waiting = marks.remove(mark);
        if (waiting != null) {
            waiting.complete(null);
        }
    }

    private void disconnected(Exception cause) {
        if (connection != null) {
            LOG.warn("The change feed lost its connection ({}); serving what was last seen, trying again", cause.getMessage());
            abort();
        }
        marks.keySet().forEach(this::reach);
        try {
            Thread.sleep(RECONNECT_PAUSE);
        } catch (InterruptedException e) {
            stopped = true;
        }
    }

    private void abort() {
        var lost = connection;
        connection = null;
        try {
            if (lost != null) {
                lost.abort(Runnable::run);
            }
        } catch (SQLException e) {
            LOG.debug("Aborting the feed's connection", e);
        }
    }

    @PreDestroy
    void stop() {
        stopped = true;
        abort();
        marks.keySet().forEach(this::reach);
    }

    /** A place in the stream of changes: sent last in a transaction, it comes back after that transaction's changes. */
    final class Mark implements AutoCloseable {

        private final String id;

        private Mark(String id) {
            this.id = id;
        }

        void sendWith(Handle handle) {
            if (isConnected()) {
                marks.put(id, new CompletableFuture<>());
                handle.execute("select pg_notify(?, ?)", CHANNEL, MARK + ":" + id);
            }
        }

        void await() {
            var reached = marks.get(id);
            if (reached == null) {
                return;
            }
            long committed = System.nanoTime();
            try {
                reached.get(MARK_LIMIT.toMillis(), TimeUnit.MILLISECONDS);
                lag.record(System.nanoTime() - committed, TimeUnit.NANOSECONDS);
            } catch (TimeoutException e) {
                LOG.warn("A committed change was not seen within {}; this node's directory lags behind", MARK_LIMIT);
            } catch (ExecutionException e) {
                throw new IllegalStateException(e.getCause());
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        }

        @Override
        public void close() {
            marks.remove(id);
        }
    }
}
