package io.gatehouse.audit;

import io.gatehouse.platform.Problem;
import io.gatehouse.platform.Transactions;
import io.gatehouse.platform.http.Page;
import io.gatehouse.platform.http.Role;
import io.gatehouse.platform.http.Scope;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.core.type.Argument;
import io.micronaut.http.annotation.Controller;
import io.micronaut.http.annotation.Get;
import io.micronaut.http.annotation.QueryValue;
import io.micronaut.json.JsonMapper;
import io.micronaut.security.annotation.Secured;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.tags.Tag;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.Map;

/** Shows the event log, newest first. */
@Tag(name = "Audit")
@Controller("/api/v1/audit-events")
@Scope("audit")
@Secured(Role.ADMINISTRATOR)
final class AuditController {

    private static final Argument<Map<String, Object>> DETAIL = Argument.mapOf(String.class, Object.class);

    private final Transactions transactions;
    private final JsonMapper json;

    AuditController(Transactions transactions, JsonMapper json) {
        this.transactions = transactions;
        this.json = json;
    }

    /** Lists what happened, newest first. */
    @Get
    @Operation(operationId = "listAuditEvents")
    Page<RecordedEvent> list(@Nullable @QueryValue Integer limit, @Nullable @QueryValue String cursor) {
        var page = Page.Request.of(limit, cursor);
        long before = page.after() == null ? Long.MAX_VALUE : id(page.after());
        var events = transactions.read(handle -> handle
                .createQuery("select * from audit_events where id < :before order by id desc limit :limit")
                .bind("before", before)
                .bind("limit", page.rows())
                .map((row, context) -> event(row))
                .list());
        return Page.of(events, page, event -> Long.toString(event.id()));
    }

    private RecordedEvent event(ResultSet row) throws SQLException {
        return new RecordedEvent(
                row.getLong("id"),
                row.getObject("at", OffsetDateTime.class).toInstant(),
                row.getString("actor"),
                row.getString("address"),
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

    private static long id(String cursor) {
        try {
            return Long.parseLong(cursor);
        } catch (NumberFormatException e) {
            throw Problem.invalidSecret("cursor", "This is no cursor of an earlier page.");
        }
    }
}
