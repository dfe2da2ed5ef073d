package io.gatehouse.audit;

import io.micronaut.core.annotation.Nullable;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.HexFormat;

/**
 * Works out every hash of the chain again. Uses nothing that is stored with the events but themselves: neither the function that
 * made the seals nor any other.
 */
public final class ChainVerification {

    /** What came of it. */
    public sealed interface Verdict {

        /**
         * Nothing was changed, removed, inserted or put in another order.
         *
         * @param first   when the oldest event was recorded; null without events
         * @param last    when the newest one was
         * @param head    the last hash, in hexadecimal digits
         * @param removed how many older events retention has removed
         */
        record Whole(long events, @Nullable String first, @Nullable String last, String head, long removed) implements Verdict {
        }

        /**
         * @param position of the first seal that is not as it should be
         * @param event    the id of its event, if it is known
         */
        record Broken(long position, @Nullable Long event, String what) implements Verdict {
        }

        /** The chain is whole, but the hash that was noted earlier is not in it. */
        record Cut(Whole rest) implements Verdict {
        }
    }

    private static final int FETCH_SIZE = 1000;

    private static final String LINKS = """
            select s.position, s.event_id, s.previous, s.hash, e.id,
                to_char(e.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"') as time,
                jsonb_build_array(e.id, to_char(e.at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'),
                    e.actor_type, e.actor, e.actor_key, e.address, e.user_agent, e.correlation_id, e.action, e.target, e.outcome, e.detail)::text as content
            from audit_seals s left join audit_events e on e.id = s.event_id
            order by s.position""";
    private static final String UNSEALED = """
            select min(e.id) from audit_events e where not exists (select from audit_seals s where s.event_id = e.id)""";
    private static final String CHECKPOINT = """
            select position, hash, (select sum(removed) from audit_checkpoints)::bigint as removed,
                exists (select from audit_events where action = '%s' and outcome = 'success' and actor_type = 'system'
                    and detail ->> 'hash' = encode(hash, 'hex')) as recorded
            from audit_checkpoints order by position desc limit 1""".formatted(Retention.APPLIED);

    private final Connection connection;
    private final MessageDigest sha256;

    private ChainVerification(Connection connection) {
        this.connection = connection;
        try {
            sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /**
     * Reads the chain once, from its beginning or from where retention has left it.
     *
     * @param noted a hash that was the chain's last one at some time, in hexadecimal digits; null for none
     * @throws SQLException if the database cannot be read, or has no chain
     */
    public static Verdict verify(Connection connection, @Nullable String noted) throws SQLException {
        connection.setAutoCommit(false);
        connection.setReadOnly(true);
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
        try {
            return new ChainVerification(connection).verify(noted == null ? null : HexFormat.of().parseHex(noted));
        } finally {
            connection.rollback();
        }
    }

    private record Start(long position, byte[] hash, long removed) {
    }

    private Verdict verify(byte @Nullable [] noted) throws SQLException {
        Start start;
        try (var statement = connection.createStatement(); var row = statement.executeQuery(CHECKPOINT)) {
            if (!row.next()) {
                start = new Start(0, new byte[sha256.getDigestLength()], 0);
            } else if (row.getBoolean("recorded")) {
                start = new Start(row.getLong("position"), row.getBytes("hash"), row.getLong("removed"));
            } else {
                return new Verdict.Broken(row.getLong("position"), null, "older events were removed, which no event tells of");
            }
        }
        try (var statement = connection.createStatement()) {
            statement.setFetchSize(FETCH_SIZE);
            try (var links = statement.executeQuery(LINKS)) {
                return follow(links, start, noted);
            }
        }
    }

    private Verdict follow(ResultSet links, Start start, byte @Nullable [] noted) throws SQLException {
        long position = start.position();
        var hash = start.hash();
        boolean found = noted == null || Arrays.equals(noted, hash);
        String first = null;
        String last = null;
        while (links.next()) {
            position++;
            var broken = fault(links, position, hash);
            if (broken != null) {
                return broken;
            }
            hash = links.getBytes("hash");
            found = found || Arrays.equals(noted, hash);
            last = links.getString("time");
            first = first == null ? last : first;
        }
        var unsealed = unsealed();
        if (unsealed != null) {
            return new Verdict.Broken(position + 1, unsealed, "the event has no seal: it was put in past the chain, or its seal was removed");
        }
        var whole = new Verdict.Whole(position - start.position(), first, last, HexFormat.of().formatHex(hash), start.removed());
        return found ? whole : new Verdict.Cut(whole);
    }

    private Verdict.@Nullable Broken fault(ResultSet link, long position, byte[] above) throws SQLException {
        long event = link.getLong("event_id");
        if (link.getLong("position") != position) {
            var left = unsealed();
            return new Verdict.Broken(position, left, left == null ? "the seal is missing, and so is its event" : "the seal is missing");
        }
        if (!Arrays.equals(link.getBytes("previous"), above)) {
            return new Verdict.Broken(position, event, "the seal does not follow the one before");
        }
        if (link.getObject("id") == null) {
            return new Verdict.Broken(position, event, "the event is missing");
        }
        sha256.update(above);
        sha256.update(link.getString("content").getBytes(StandardCharsets.UTF_8));
        return Arrays.equals(sha256.digest(), link.getBytes("hash")) ? null
                : new Verdict.Broken(position, event, "the event is not what it was when it was sealed");
    }

    private @Nullable Long unsealed() throws SQLException {
        try (var statement = connection.createStatement(); var row = statement.executeQuery(UNSEALED)) {
            row.next();
            long id = row.getLong(1);
            return row.wasNull() ? null : id;
        }
    }
}
