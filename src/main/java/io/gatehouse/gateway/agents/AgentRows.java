package io.gatehouse.gateway.agents;

import io.gatehouse.platform.http.Conditions;
import io.gatehouse.platform.http.ListRequest;
import io.gatehouse.platform.http.Listing;
import io.gatehouse.platform.http.Listing.Type;
import io.gatehouse.platform.http.Page;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.core.type.Argument;
import io.micronaut.serde.ObjectMapper;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.StatementContext;

/** The table {@code agents}. */
@Singleton
final class AgentRows {

    static final int SILENCE_MINUTES = 5;

    /** What an agent works with is compared with what its site has now, which only memory knows: {@code :present}. */
    private static final String STATE = """
            case when a.seen_at < now() - interval '%d minutes' then 'silent' when a.failing_since is not null then 'failing'
                 when (a.site_id || ':' || a.applied) = any(string_to_array(:present, ',')) then 'current' else 'behind' end"""
            .formatted(SILENCE_MINUTES);

    /** @param present the hashes of the sites' bundles, by the ids of the sites */
    record Filter(@Nullable Integer site, @Nullable AgentState state, Map<Integer, String> present) {

        private String joined() {
            return present.entrySet().stream().map(site -> site.getKey() + ":" + site.getValue()).collect(Collectors.joining(","));
        }
    }

    private final ObjectMapper json;
    private final Listing<Agent> listing;

    AgentRows(ObjectMapper json) {
        this.json = json;
        listing = Listing.of("""
                        select a.*, host(a.address) as address_text, k.name as key, %s as state
                        from agents a left join agent_keys k on k.id = a.key_id""".formatted(STATE), this::agent)
                .key("a.id::text", Type.TEXT, Agent::id)
                .sort("host", "a.host", Type.TEXT, Agent::host)
                .sort("seenAt", "a.seen_at", Type.TIME, Agent::seenAt)
                .search("a.host");
    }

    Page<Agent> list(Handle handle, ListRequest request, Filter filter) {
        return listing.page(handle, request, new Conditions()
                .binding("present", filter.joined())
                .equal("a.site_id", filter.site())
                .equal(STATE, filter.state() == null ? null : filter.state().text()));
    }

    /** How an agent was. */
    record Known(UUID id, boolean failing) {
    }

    /** Nobody else writes of this agent before this transaction ends. */
    Optional<Known> lock(Handle handle, int site, String host) {
        return handle.createQuery("select id, failing_since is not null as failing from agents where site_id = :site and host = :host for update")
                .bind("site", site).bind("host", host)
                .map((row, context) -> new Known(row.getObject("id", UUID.class), row.getBoolean("failing")))
                .findOne();
    }

    int count(Handle handle, int site) {
        return handle.createQuery("select count(*) from agents where site_id = :site").bind("site", site).mapTo(int.class).one();
    }

    void save(Handle handle, int site, UUID key, @Nullable String address, Report report) {
        handle.createUpdate("""
                        insert into agents as a (site_id, host, key_id, agent_version, nginx_version, dnsmasq_version, applied, nginx_error,
                                                 dnsmasq_error, left_out, address, failing_since)
                        values (:site, :host, (select id from agent_keys where id = :key), :agentVersion, :nginxVersion, :dnsmasqVersion, :applied,
                                :nginxError, :dnsmasqError, cast(:leftOut as jsonb), cast(:address as inet), case when :failed then now() end)
                        on conflict (site_id, host) do update set
                            key_id = excluded.key_id, agent_version = excluded.agent_version, nginx_version = excluded.nginx_version,
                            dnsmasq_version = excluded.dnsmasq_version, applied = excluded.applied, nginx_error = excluded.nginx_error,
                            dnsmasq_error = excluded.dnsmasq_error, left_out = excluded.left_out, address = excluded.address, seen_at = now(),
                            failing_since = case when :failed then coalesce(a.failing_since, now()) end""")
                .bind("site", site)
                .bind("key", key)
                .bind("address", address)
                .bind("host", report.host())
                .bind("agentVersion", report.agentVersion())
                .bind("nginxVersion", report.nginxVersion())
                .bind("dnsmasqVersion", report.dnsmasqVersion())
                .bind("applied", report.applied())
                .bind("failed", report.failed())
                .bind("nginxError", report.nginxError())
                .bind("dnsmasqError", report.dnsmasqError())
                .bind("leftOut", text(report.leftOut()))
                .execute();
    }

    /** @return its host; empty if there is no such agent */
    Optional<String> delete(Handle handle, UUID id) {
        return handle.createQuery("delete from agents where id = :id returning host").bind("id", id).mapTo(String.class).findOne();
    }

    private Agent agent(ResultSet row, StatementContext context) throws SQLException {
        return new Agent(
                row.getString("id"),
                row.getInt("site_id"),
                row.getString("host"),
                AgentState.parse(row.getString("state")),
                row.getString("key"),
                row.getString("address_text"),
                row.getString("agent_version"),
                row.getString("nginx_version"),
                row.getString("dnsmasq_version"),
                row.getString("applied"),
                time(row, "failing_since"),
                row.getString("nginx_error"),
                row.getString("dnsmasq_error"),
                leftOut(row.getString("left_out")),
                time(row, "first_seen_at"),
                time(row, "seen_at"));
    }

    private String text(List<LeftOut> leftOut) {
        try {
            return json.writeValueAsString(leftOut);
        } catch (IOException e) {
            throw new IllegalStateException("A list of texts is always JSON", e);
        }
    }

    private List<LeftOut> leftOut(String text) {
        try {
            return json.readValue(text, Argument.listOf(LeftOut.class));
        } catch (IOException e) {
            throw new IllegalStateException("What an agent left out is not as it was written", e);
        }
    }

    private static @Nullable Instant time(ResultSet row, String column) throws SQLException {
        var time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
