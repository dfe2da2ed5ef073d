package io.gatehouse.audit;

import io.gatehouse.platform.Database;
import io.micronaut.json.JsonMapper;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Where events are recorded. */
@Singleton
public final class AuditLog {

    private static final Logger LOG = LoggerFactory.getLogger(AuditLog.class);

    private final Database database;
    private final JsonMapper json;

    AuditLog(Database database, JsonMapper json) {
        this.database = database;
        this.json = json;
    }

    /** Records the event in the transaction of its cause: both happen, or neither. */
    public void record(Handle handle, AuditEvent event) {
        handle.createUpdate("""
                        insert into audit_events (actor_type, actor, actor_key, address, user_agent, correlation_id, action, target, outcome, detail)
                        values (:type, :actor, :key, :address, :userAgent, :correlationId, :action, :target, :outcome, cast(:detail as jsonb))""")
                .bind("type", event.actor().kind().text())
                .bind("actor", event.actor().name())
                .bind("key", event.actor().key())
                .bind("address", event.actor().address())
                .bind("userAgent", event.actor().userAgent())
                .bind("correlationId", event.actor().correlationId())
                .bind("action", event.action())
                .bind("target", event.target())
                .bind("outcome", event.outcome().name().toLowerCase(Locale.ROOT))
                .bind("detail", write(event))
                .execute();
    }

    /** Records an event that changes nothing else. Without a database it goes to the server's log, and the caller goes on. */
    public void record(AuditEvent event) {
        try {
            database.jdbi().useTransaction(handle -> record(handle, event));
        } catch (JdbiException e) {
            LOG.error("Not in the audit log, for the database refused it ({}): {}", e.getMessage(), event);
        }
    }

    private String write(AuditEvent event) {
        try {
            return json.writeValueAsString(event.detail());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
