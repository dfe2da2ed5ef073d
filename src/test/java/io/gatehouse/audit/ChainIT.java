package io.gatehouse.audit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.audit.ChainVerification.Verdict;
import io.gatehouse.platform.RecurringTasks;
import io.gatehouse.platform.StartupFailure;
import io.gatehouse.platform.Transactions;
import io.gatehouse.testing.GatehouseServer;
import io.gatehouse.testing.TestPostgres;
import io.gatehouse.testing.TestPostgres.TestDatabase;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChainIT {

    private static final int EVENTS = 10;
    private static final String MASTER_KEY = Base64.getEncoder().encodeToString(new byte[32]);

    private static final AtomicInteger CHAINS = new AtomicInteger();

    private static TestDatabase database;
    private static TestDatabase chains;
    private static GatehouseServer server;

    @BeforeAll
    static void start() {
        database = TestPostgres.freshDatabase();
        chains = TestPostgres.freshDatabase();
        server = new GatehouseServer.Builder().on(database).start();
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void isWholeAfterFiftyWritersAtOnceOfWhomSomeGiveUp() throws Exception {
        int writers = 50;
        int each = 10;
        var transactions = server.bean(Transactions.class);
        var audit = server.bean(AuditLog.class);
        long before = whole(database).events();
        var start = new CyclicBarrier(writers);
        var done = new ArrayList<Future<?>>();
        try (var threads = Executors.newFixedThreadPool(writers)) {
            for (int i = 0; i < writers; i++) {
                int writer = i;
                done.add(threads.submit(() -> {
                    start.await();
                    for (int turn = 0; turn < each; turn++) {
                        boolean givesUp = (writer + turn) % 5 == 0;
                        var event = AuditEvent.success(Actor.SYSTEM, "test.written", "writer:" + writer).with("turn", turn);
                        try (var handle = server.sql().open()) {
                            handle.begin();
                            audit.record(handle, event);
                            audit.record(handle, event);
                            if (givesUp) {
                                handle.rollback();
                            } else {
                                handle.commit();
                            }
                        }
                        if (turn == 0) {
                            transactions.write(handle -> {
                                audit.record(handle, event);
                                return null;
                            });
                        }
                    }
                    return null;
                }));
            }
        }
        for (var future : done) {
            future.get();
        }

        int kept = writers * each * 4 / 5;
        assertThat(whole(database).events()).isEqualTo(before + kept * 2 + writers);
    }

    @Test
    void holdsWhatPlainSqlPutsIn() throws Exception {
        long before = whole(database).events();

        execute(database, database.application(), """
                insert into audit_events (actor_type, actor, action, outcome) values ('user', 'x', 'test.plain', 'success'),
                    ('user', 'ü\u2028"\\', 'test.plain', 'failure')""");

        assertThat(whole(database).events()).isEqualTo(before + 2);
    }

    @Test
    void isNotForgedByTheServersRole() {
        for (var statement : new String[] {
                "insert into audit_seals select 1000000, 1000000, hash, sha256(hash) from audit_seals limit 1",
                "insert into audit_checkpoints select position, hash, 1 from audit_seals limit 1",
                "insert into audit_events (at, actor_type, actor, action, outcome) values ('2020-01-01', 'user', 'x', 'x', 'success')",
                "insert into audit_events (id, actor_type, actor, action, outcome) overriding system value values (1, 'user', 'x', 'x', 'success')",
                "update audit_retention set keep = interval '1 day'",
                "alter table audit_events disable trigger seal", "drop table audit_seals"}) {
            assertThatThrownBy(() -> execute(database, database.application(), statement)).as(statement)
                    .isInstanceOf(SQLException.class).hasMessageMatching("(?s).*(permission denied|must be owner).*");
        }
    }

    /** What somebody does who has all power over the database, and what is found of it. */
    @ParameterizedTest
    @CsvSource(delimiter = '!', textBlock = """
            update audit_events set detail = '{"n": 99}' where id = 5 ! 5 ! 5 ! is not what it was
            update audit_events set at = at + interval '1 microsecond' where id = 5 ! 5 ! 5 ! is not what it was
            update audit_events set actor_key = '' where id = 5 ! 5 ! 5 ! is not what it was
            delete from audit_events where id = 5 ! 5 ! 5 ! the event is missing
            delete from audit_events where id = 5; delete from audit_seals where position = 5 ! 5 !  ! seal is missing, and so is its event
            delete from audit_seals where position = 5 ! 5 ! 5 ! the seal is missing
            delete from audit_seals where position = 1 ! 1 ! 1 ! the seal is missing
            delete from audit_seals where position = 10 ! 10 ! 10 ! the event has no seal
            insert into audit_events (actor_type, actor, action, outcome) values ('system', 'system', 'forged', 'success') ! 11 ! 11 ! the event has no seal
            update audit_seals set hash = sha256('x') where position = 5 ! 5 ! 5 ! is not what it was
            update audit_seals set hash = sha256(previous || convert_to(audit_event_text(e), 'UTF8')) from audit_events e where e.id = event_id and position = 5; update audit_seals set previous = sha256('x') where position = 6 ! 6 ! 6 ! does not follow
            update audit_events set actor = 'else' where id = 5; update audit_seals set hash = sha256(previous || convert_to(audit_event_text(e), 'UTF8')) from audit_events e where e.id = event_id and position = 5 ! 6 ! 6 ! does not follow
            update audit_seals set event_id = 99 where position = 5; update audit_seals set event_id = 5 where position = 6; update audit_seals set event_id = 6 where position = 5 ! 5 ! 6 ! is not what it was
            insert into audit_checkpoints select position, hash, 4 from audit_seals where position = 4; delete from audit_events where id <= 4; delete from audit_seals where position <= 4 ! 4 !  ! older events were removed
            """)
    void tellsWhereItIsBroken(String tampering, long position, Long event, String what) throws Exception {
        var victim = chain();

        execute(victim, victim.superuser(), "set session_replication_role = replica; " + tampering);

        assertThat(verify(victim, null)).isInstanceOfSatisfying(Verdict.Broken.class, broken -> {
            assertThat(broken.position()).isEqualTo(position);
            assertThat(broken.event()).isEqualTo(event);
            assertThat(broken.what()).contains(what);
        });
    }

    @Test
    void tellsThatItsEndIsCutOffToWhoeverNotedTheHead() throws Exception {
        var victim = chain();
        var head = whole(victim).head();
        var whole = whole(victim);
        assertThat(verify(victim, head)).isEqualTo(whole);

        execute(victim, victim.owner(), "insert into audit_events (actor_type, actor, action, outcome) values ('system', 'system', 'later', 'success')");
        assertThat(verify(victim, head)).as("grown since").isInstanceOf(Verdict.Whole.class);
        execute(victim, victim.superuser(), "set session_replication_role = replica; "
                + "delete from audit_events where id >= 10; delete from audit_seals where position >= 10");

        assertThat(verify(victim, null)).isInstanceOfSatisfying(Verdict.Whole.class, rest -> assertThat(rest.events()).isEqualTo(EVENTS - 1));
        assertThat(verify(victim, head)).isInstanceOfSatisfying(Verdict.Cut.class, cut -> assertThat(cut.rest().events()).isEqualTo(EVENTS - 1));
    }

    @Test
    void beginsWithWhatWasRecordedBeforeItWasThere() throws Exception {
        var old = TestPostgres.freshDatabase();
        Flyway.configure().dataSource(old.url(), old.owner().username(), old.owner().password()).target("3").skipDefaultCallbacks(true).load().migrate();
        execute(old, old.owner(), """
                insert into audit_events (actor, action, outcome) values ('system', 'old.one', 'success'), ('anonymous', 'old.two', 'failure'),
                    ('alice', 'old.three', 'success')""");

        try (var upgraded = new GatehouseServer.Builder().on(old).start()) {
            assertThat(column(old, "select actor_type from audit_events join audit_seals on id = event_id where position <= 3 order by position"))
                    .containsExactly("system", "anonymous", "user");
            assertThat(upgraded.send("GET", "/api/v1/audit?action=old.*", null).body()).contains("old.one", "old.two", "old.three");
            assertThat(whole(old).events()).isGreaterThan(3);
        }
    }

    @Test
    void losesAtItsBeginningWhatIsOlderThanIsKept() throws Exception {
        var kept = TestPostgres.freshDatabase();
        try (var node = new GatehouseServer.Builder().on(kept).with("gatehouse.audit.retention", "30d").start()) {
            // Old, but not at the beginning.
            aged(kept, "100 days", 2);
            assertThat(apply(node)).isZero();
        }
        var older = TestPostgres.freshDatabase();
        migrated(older);
        aged(older, "100 days", 7);
        try (var node = new GatehouseServer.Builder().on(older).with("gatehouse.audit.retention", "30d").with("gatehouse.master-key", MASTER_KEY).start()) {
            while (removed(older) == 0) {
                Thread.onSpinWait();
            }
            assertThat(removed(older)).isEqualTo(7);
            var whole = whole(older);
            assertThat(whole.removed()).isEqualTo(7);
            assertThat(column(older, "select min(position)::text from audit_seals")).containsExactly("8");
            assertThat(column(older, "select detail ->> 'removed' from audit_events where action = 'audit.retention.applied'")).containsExactly("7");
            assertThat(apply(node)).as("again").isEqualTo(7);
            assertThatThrownBy(() -> execute(older, older.owner(), "delete from audit_events")).hasMessageContaining("permission denied");
            assertThatThrownBy(() -> execute(older, older.superuser(), "delete from audit_events")).hasMessageContaining("append-only");
        }
        try (var node = new GatehouseServer.Builder().on(older).with("gatehouse.master-key", MASTER_KEY).start()) {
            aged(older, "100 days", 1);
            assertThat(apply(node)).as("kept for good").isEqualTo(7);
        }
    }

    @Test
    void isAppendOnlyWhereOneRoleDoesEverything() throws Exception {
        var parted = TestPostgres.freshDatabase();
        var one = new TestDatabase(parted.url(), parted.owner(), new TestPostgres.Login("", ""), parted.superuser());
        migrated(parted);
        aged(parted, "100 days", 3);

        try (var node = new GatehouseServer.Builder().on(one).with("gatehouse.audit.retention", "30d").start()) {
            assertThat(node.send("POST", "/api/v1/groups", "{\"cn\": \"one\"}").statusCode()).isEqualTo(201);
            for (var statement : List.of("update audit_events set actor = 'x'", "delete from audit_events", "truncate audit_events", "delete from audit_seals")) {
                assertThatThrownBy(() -> execute(one, one.application(), statement)).as(statement).hasMessageContaining("permission denied");
            }
            assertThat(apply(node)).isEqualTo(3);
            assertThatThrownBy(() -> execute(one, one.application(), "delete from audit_events")).hasMessageContaining("permission denied");
            assertThat(whole(one).removed()).isEqualTo(3);
        }
    }

    @Test
    void keepsTheLastDayWhateverIsAskedFor() throws Exception {
        var asked = chain();
        assertThatThrownBy(() -> new GatehouseServer.Builder().on(asked).with("gatehouse.audit.retention", "23h").start())
                .isInstanceOf(StartupFailure.class).hasMessageContaining("GATEHOUSE_AUDIT_RETENTION");
        assertThatThrownBy(() -> execute(asked, asked.owner(), "insert into audit_retention (keep) values (interval '1 hour')"))
                .hasMessageContaining("check");
        assertThatThrownBy(() -> execute(asked, asked.owner(), "insert into audit_checkpoints select position, hash, 3 from audit_seals where position = 3"))
                .hasMessageContaining("last day");
        assertThatThrownBy(() -> execute(asked, asked.owner(), "insert into audit_checkpoints values (3, sha256('x'), 3)"))
                .hasMessageContaining("a checkpoint is a seal");
        assertThat(whole(asked).events()).isEqualTo(EVENTS);
    }

    /** A chain of {@value #EVENTS} events of which no server knows, in a schema of its own. */
    private static TestDatabase chain() throws SQLException {
        var schema = "chain" + CHAINS.incrementAndGet();
        execute(chains, chains.owner(), "create schema " + schema);
        var fresh = new TestDatabase(chains.url() + "?currentSchema=" + schema, chains.application(), chains.owner(), chains.superuser());
        migrated(fresh);
        execute(fresh, fresh.owner(), "insert into audit_events (actor_type, actor, action, outcome, detail) "
                + "select 'system', 'system', 'test.counted', 'success', jsonb_build_object('n', n) from generate_series(1, " + EVENTS + ") n");
        return fresh;
    }

    private static void migrated(TestDatabase fresh) {
        Flyway.configure().dataSource(fresh.url(), fresh.owner().username(), fresh.owner().password()).skipDefaultCallbacks(true).load().migrate();
    }

    private static void aged(TestDatabase of, String age, int count) throws SQLException {
        execute(of, of.owner(), "insert into audit_events (at, actor_type, actor, action, outcome) "
                + "select now() - interval '" + age + "', 'system', 'system', 'test.aged', 'success' from generate_series(1, " + count + ")");
    }

    /** Returns how many events have been removed so far. */
    private static long apply(GatehouseServer node) throws SQLException {
        while (!node.bean(RecurringTasks.class).run(node.bean(Retention.class))) {
            Thread.onSpinWait();
        }
        return removed(node.database());
    }

    private static long removed(TestDatabase from) throws SQLException {
        return Long.parseLong(column(from, "select coalesce(sum(removed), 0)::text from audit_checkpoints").getFirst());
    }

    private static List<String> column(TestDatabase of, String query) throws SQLException {
        var values = new ArrayList<String>();
        try (var connection = of.connect(of.superuser()); var statement = connection.createStatement(); var rows = statement.executeQuery(query)) {
            while (rows.next()) {
                values.add(rows.getString(1));
            }
        }
        return values;
    }

    private static Verdict.Whole whole(TestDatabase of) throws SQLException {
        try (var connection = of.connect(of.superuser())) {
            return (Verdict.Whole) ChainVerification.verify(connection, null);
        }
    }

    private static Verdict verify(TestDatabase of, String head) throws SQLException {
        try (var connection = of.connect(of.superuser())) {
            return ChainVerification.verify(connection, head);
        }
    }

    private static void execute(TestDatabase in, TestPostgres.Login role, String sql) throws SQLException {
        try (var connection = in.connect(role); var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
