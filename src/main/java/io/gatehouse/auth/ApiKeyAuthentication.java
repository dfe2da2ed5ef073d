package io.gatehouse.auth;

import io.gatehouse.audit.Actor;
import io.gatehouse.audit.AuditEvent;
import io.gatehouse.audit.Refusals;
import io.gatehouse.platform.Network;
import io.gatehouse.platform.Problem;
import io.gatehouse.platform.Transactions;
import io.gatehouse.platform.http.PrincipalAttributes;
import io.gatehouse.platform.http.Role;
import io.micronaut.security.authentication.Authentication;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds out whose API key is presented, whether it is good here and now, and counts its use. */
@Singleton
final class ApiKeyAuthentication {

    private static final Logger LOG = LoggerFactory.getLogger(ApiKeyAuthentication.class);
    /** No user name has a colon. */
    private static final String SERVICE = "service:";

    private final Transactions transactions;
    private final ApiKeyRows rows;
    private final FirstDuties duties;
    private final Refusals refusals;
    private final int maxRate;

    ApiKeyAuthentication(Transactions transactions, ApiKeyRows rows, FirstDuties duties, Refusals refusals, AuthConfiguration configuration) {
        this.transactions = transactions;
        this.rows = rows;
        this.duties = duties;
        this.refusals = refusals;
        maxRate = configuration.orFail().apiKeyMaxRateLimit();
    }

    /**
     * A person's key has that person's present roles, a service account's those of an administrator; both within their scopes.
     *
     * @param client who says that the key is his; a refusal of one that exists is audited
     * @return empty if there is no such key, it has expired, its owner is suspended, or it may not be used from there
     * @throws Problem if it was used too often within a minute
     */
    Optional<Authentication> use(ApiKeyToken token, InetAddress address, Actor client) {
        return transactions.read(handle -> find(handle, token).filter(key -> {
            var obstacle = obstacle(key, address);
            obstacle.ifPresent(reason -> refused(key, token, client, reason));
            return obstacle.isEmpty();
        }).map(key -> {
            count(handle, key, token, client);
            if (key.unnoticed()) {
                notice(handle, key, address);
            }
            return principal(key, token);
        }));
    }

    /** The same without counting it as a use. */
    Optional<Authentication> look(ApiKeyToken token, InetAddress address) {
        return transactions.read(handle -> find(handle, token).filter(key -> obstacle(key, address).isEmpty()).map(key -> principal(key, token)));
    }

    private Optional<ApiKeyRows.Presented> find(Handle handle, ApiKeyToken token) {
        return rows.present(handle, token.prefix()).filter(key -> MessageDigest.isEqual(key.hash(), token.hash()));
    }

    /** Why it is not good here and now, for the audit log. */
    private static Optional<String> obstacle(ApiKeyRows.Presented key, InetAddress address) {
        if (!key.usable()) {
            return Optional.of("expired-or-suspended");
        }
        return isAllowed(key, address) ? Optional.empty() : Optional.of("network");
    }

    private void refused(ApiKeyRows.Presented key, ApiKeyToken token, Actor client, String reason) {
        var kind = key.serviceAccount() == null ? Actor.Kind.USER : Actor.Kind.SERVICE_ACCOUNT;
        var owner = key.serviceAccount() == null ? key.username() : key.serviceAccount();
        var actor = new Actor(kind, owner, token.prefix(), client.address(), client.userAgent(), client.correlationId());
        refusals.record(AuditEvent.failure(actor, "auth.api-key.refused", "api-key:" + token.prefix()).with(Refusals.REASON, reason));
    }

    private void count(Handle handle, ApiKeyRows.Presented key, ApiKeyToken token, Actor client) {
        int limit = Math.min(key.rateLimit(), maxRate);
        if (!rows.count(handle, key.id(), limit)) {
            refused(key, token, client, "rate-limit");
            throw Problem.tooMany("This API key has been used " + limit + " times within a minute, which is all it may.",
                    rows.untilNextMinute(handle, key.id()));
        }
    }

    /** That this cannot be written is no reason to refuse anybody. */
    private void notice(Handle handle, ApiKeyRows.Presented key, InetAddress address) {
        try {
            rows.notice(handle, key.id(), address);
        } catch (JdbiException e) {
            LOG.debug("When an API key was used is not noted", e);
        }
    }

    private static boolean isAllowed(ApiKeyRows.Presented key, InetAddress address) {
        return key.networks().isEmpty() || key.networks().stream().anyMatch(network -> Network.parse(network).contains(address));
    }

    private Authentication principal(ApiKeyRows.Presented key, ApiKeyToken token) {
        var attributes = new HashMap<String, Object>();
        attributes.put(PrincipalAttributes.API_KEY, token.prefix());
        attributes.put(PrincipalAttributes.SCOPES, key.scopes());
        if (key.serviceAccount() == null) {
            attributes.putAll(FirstDuties.attributes(duties.ofKey(key.administrator(), key.secondFactor())));
            return Authentication.build(key.username(), Rights.roles(key.administrator()), attributes);
        }
        attributes.put(PrincipalAttributes.SERVICE_ACCOUNT, key.serviceAccount());
        return Authentication.build(SERVICE + key.serviceAccount(), List.of(Role.ADMINISTRATOR, Role.SERVICE), attributes);
    }
}
