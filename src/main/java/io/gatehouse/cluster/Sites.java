package io.gatehouse.cluster;

import io.gatehouse.audit.Actor;
import io.gatehouse.audit.AuditEvent;
import io.gatehouse.audit.AuditLog;
import io.gatehouse.platform.Transactions;
import io.gatehouse.platform.http.Page;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import org.jdbi.v3.core.statement.StatementContext;

/** The sites of the cluster. */
@Singleton
public final class Sites {

    private final Transactions transactions;
    private final AuditLog audit;

    Sites(Transactions transactions, AuditLog audit) {
        this.transactions = transactions;
        this.audit = audit;
    }

    /** In the order of their names. */
    public Page<Site> list(Page.Request page) {
        return Page.of(transactions.read(handle -> handle
                .createQuery("""
                        select id, name, internal_domain, host(lower(dhcp_range)) || '-' || host(upper(dhcp_range)) as dhcp_range,
                               host(subnet_mask) as subnet_mask, host(gateway) as gateway,
                               array_to_string(dns_forwarders, ', ') as dns_forwarders, host(external_ip) as external_ip, created_at, updated_at
                        from sites where name > :after order by name limit :limit""")
                .bind("after", page.after() == null ? "" : page.after())
                .bind("limit", page.rows())
                .map(Sites::site)
                .list()), page, Site::name);
    }

    /** Creates the site unless there is one of that name. */
    public void ensure(NewSite site, Actor actor) {
        transactions.write(handle -> {
            int created = handle.createUpdate("""
                            insert into sites (name, internal_domain, dhcp_range, subnet_mask, gateway, dns_forwarders, external_ip)
                            values (:name, :internalDomain, cast('[' || replace(:dhcpRange, '-', ',') || ']' as inetrange),
                                    cast(:subnetMask as inet), cast(:gateway as inet),
                                    cast(string_to_array(replace(:dnsForwarders, ' ', ''), ',') as inet[]), cast(:externalIp as inet))
                            on conflict do nothing""")
                    .bindMethods(site)
                    .execute();
            if (created > 0) {
                audit.record(handle, AuditEvent.success(actor, "cluster.site.created", "site:" + site.name()));
            }
            return null;
        });
    }

    private static Site site(ResultSet row, StatementContext context) throws SQLException {
        return new Site(
                row.getInt("id"),
                row.getString("name"),
                row.getString("internal_domain"),
                row.getString("dhcp_range"),
                row.getString("subnet_mask"),
                row.getString("gateway"),
                row.getString("dns_forwarders"),
                row.getString("external_ip"),
                row.getObject("created_at", OffsetDateTime.class).toInstant(),
                row.getObject("updated_at", OffsetDateTime.class).toInstant());
    }
}
