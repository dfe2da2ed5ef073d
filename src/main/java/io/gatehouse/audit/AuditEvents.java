package io.gatehouse.audit;

import io.gatehouse.platform.Transactions;
import io.gatehouse.platform.http.Conditions;
import io.gatehouse.platform.http.ListRequest;
import io.gatehouse.platform.http.Listing;
import io.gatehouse.platform.http.Page;
import io.micronaut.core.type.Argument;
import io.micronaut.json.JsonMapper;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Map;
import org.jdbi.v3.core.statement.StatementContext;

/** What has been recorded. */
@Singleton
public final class AuditEvents {

    private static final Argument<Map<String, Object>> DETAIL = Argument.mapOf(String.class, Object.class);
    private static final int BATCH = 500;

    private final Transactions transactions;
    private final JsonMapper json;
    private final Listing<RecordedEvent> chained;
    private final Listing<RecordedEvent> newestFirst;

    AuditEvents(Transactions transactions, JsonMapper json) {
        this.transactions = transactions;
        this.json = json;
        var sealed = Listing.of("select s.position, encode(s.hash, 'hex') as hash, e.* from audit_seals s join audit_events e on e.id = s.event_id",
                this::event);
        chained = sealed.key("s.position", Listing.Type.NUMBER, RecordedEvent::position);
        // By their ids, since that is what the indexes behind the filters are ordered by.
        newestFirst = sealed.key("e.id", Listing.Type.NUMBER, RecordedEvent::id).reversed();
    }

    Page<RecordedEvent> list(ListRequest request, AuditFilter filter) {
        return transactions.read(handle -> newestFirst.page(handle, request, filter.conditions()));
    }

    /** What somebody did and what was done to him, newest first. */
    public Page<RecordedEvent> about(String username, Instant since, ListRequest request) {
        var page = transactions.read(handle -> newestFirst.page(handle, request, new Conditions()
                .and("e.target = 'user:' || :person or e.actor_type = 'user' and e.actor = :person", "person", username)
                .and("e.at >= :since", "since", since.atOffset(ZoneOffset.UTC))));
        return new Page<>(page.items().stream().map(event -> event.seenBy(username)).toList(), page.next());
    }

    /**
     * All that there are now, in the order of the chain, one JSON document a line. Read in parts as the reader goes on: however slow that is, it
     * holds neither a connection nor more than one part.
     */
    EventLines lines(AuditFilter filter) {
        long newest = transactions.read(handle -> handle.createQuery("select coalesce(max(position), 0) from audit_seals").mapTo(long.class).one());
        return new EventLines(json, cursor -> transactions.read(handle -> chained.page(handle, new ListRequest(BATCH, cursor, null, null),
                filter.conditions().and("s.position <= :newest", "newest", newest))));
    }

    private RecordedEvent event(ResultSet row, StatementContext context) throws SQLException {
        return new RecordedEvent(
                row.getLong("position"),
                row.getLong("id"),
                row.getString("hash"),
                row.getObject("at", OffsetDateTime.class).toInstant(),
                new RecordedEvent.By(row.getString("actor_type"), row.getString("actor"), row.getString("actor_key")),
                row.getString("address"),
                row.getString("user_agent"),
                row.getString("correlation_id"),
                row.getString("action"),
                row.getString("target"),
                row.getString("outcome"),
                detail(row.getString("detail")));
    }

    private Map<String, Object> detail(String text) {
        try {
            return json.readValue(text, DETAIL);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
