package io.gatehouse.auth;

import io.gatehouse.audit.Actor;
import io.gatehouse.audit.AuditEvent;
import io.gatehouse.audit.AuditLog;
import io.gatehouse.platform.Problem;
import io.gatehouse.platform.Transactions;
import io.gatehouse.platform.http.Caller;
import io.gatehouse.platform.http.IfMatch;
import io.gatehouse.platform.http.ListRequest;
import io.gatehouse.platform.http.MergePatch;
import io.gatehouse.platform.http.Page;
import io.micronaut.core.annotation.Nullable;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Gives out API keys, changes and deletes them. Everybody has his own; administrators also see everybody's and service accounts'. */
@Singleton
final class ApiKeys {

    private static final int MAX_KEYS_OF_ONE_OWNER = 100;

    private final Transactions transactions;
    private final ApiKeyRows rows;
    private final AuthConfiguration configuration;
    private final AuditLog audit;

    ApiKeys(Transactions transactions, ApiKeyRows rows, AuthConfiguration configuration, AuditLog audit) {
        this.transactions = transactions;
        this.rows = rows;
        this.configuration = configuration;
        this.audit = audit;
    }

    Page<ApiKey> list(ListRequest request, @Nullable String username, @Nullable String serviceAccount, Caller caller) {
        return transactions.read(handle -> rows.list(handle, request, caller.administrator() ? null : caller.name(), username, serviceAccount));
    }

    /** @throws Problem if there is no such key, or it is not the caller's to see */
    ApiKey get(String id, Caller caller) {
        return transactions.read(handle -> visible(rows.find(handle, parse(id)), id, caller));
    }

    /**
     * @return with the key, which nobody is told again
     * @throws Problem if the wish breaks a rule, is for a service account and the caller is no administrator, or is one too many
     */
    ApiKey create(NewApiKey wish, Caller caller, Actor actor) {
        if (wish.serviceAccount() != null && !caller.administrator()) {
            throw Problem.of(Problem.Kind.FORBIDDEN, "Only administrators may make keys for service accounts.");
        }
        var terms = ApiKeyTerms.of(wish, configuration, Instant.now());
        return transactions.write(handle -> {
            rows.lockCreation(handle);
            var uidNumber = wish.serviceAccount() == null ? uidNumber(handle, caller) : null;
            if (wish.serviceAccount() != null && !rows.lockServiceAccount(handle, wish.serviceAccount())) {
                throw Problem.invalid("serviceAccount", wish.serviceAccount(), "There is no such service account.");
            }
            if (rows.countOf(handle, uidNumber, wish.serviceAccount()) >= MAX_KEYS_OF_ONE_OWNER) {
                throw Problem.conflict(null, null, "There are " + MAX_KEYS_OF_ONE_OWNER + " keys of this owner already; delete one first.");
            }
            var token = ApiKeyToken.generate();
            var id = rows.insert(handle, token, uidNumber, wish.serviceAccount(), terms, caller.name());
            while (id.isEmpty()) {
                token = ApiKeyToken.generate();
                id = rows.insert(handle, token, uidNumber, wish.serviceAccount(), terms, caller.name());
            }
            var created = rows.find(handle, id.get()).orElseThrow();
            audit.record(handle, AuditEvent.success(actor, "auth.api-key.created", target(created)).with("owner", owner(created))
                    .with("scopes", created.scopes()));
            return created.shownOnce(token);
        });
    }

    /** @throws Problem if there is no such key, it is in another state, or the patch breaks a rule */
    ApiKey modify(String id, MergePatch patch, IfMatch condition, Caller caller, Actor actor) {
        return transactions.write(handle -> {
            var before = visible(rows.lock(handle, parse(id)), id, caller);
            condition.check(before);
            var terms = before.terms().with(patch, configuration, Instant.now());
            if (terms.equals(before.terms())) {
                return before;
            }
            rows.update(handle, before.id(), terms);
            audit.record(handle, AuditEvent.success(actor, "auth.api-key.modified", target(before)).with("owner", owner(before))
                    .changed("description", before.description(), terms.description())
                    .changed("scopes", before.scopes(), terms.scopes())
                    .changed("expiresAt", text(before.expiresAt()), text(terms.expiresAt()))
                    .changed("allowedNetworks", before.allowedNetworks(), terms.allowedNetworks())
                    .changed("rateLimit", before.rateLimit(), terms.rateLimit()));
            return rows.find(handle, parse(id)).orElseThrow();
        });
    }

    /** @throws Problem if there is no such key, or it is in another state */
    void delete(String id, IfMatch condition, Caller caller, Actor actor) {
        transactions.write(handle -> {
            var key = visible(rows.lock(handle, parse(id)), id, caller);
            condition.check(key);
            rows.delete(handle, key.id());
            audit.record(handle, AuditEvent.success(actor, "auth.api-key.deleted", target(key)).with("owner", owner(key)));
            return null;
        });
    }

    private int uidNumber(Handle handle, Caller caller) {
        return rows.lockUser(handle, caller.name()).orElseThrow(() -> Problem.of(Problem.Kind.UNAUTHORIZED, "The account is not active any more."));
    }

    /** Other people's keys are none of one's business, not even that there are any. */
    private static ApiKey visible(Optional<ApiKey> found, String id, Caller caller) {
        return found.filter(key -> caller.administrator() || caller.name().equals(key.username())).orElseThrow(() -> Problem.notFound("API key", id));
    }

    private static UUID parse(String id) {
        try {
            return UUID.fromString(id);
        } catch (IllegalArgumentException e) {
            throw Problem.notFound("API key", id);
        }
    }

    private static @Nullable String text(@Nullable Instant time) {
        return time == null ? null : time.toString();
    }

    private static String target(ApiKey key) {
        return "api-key:" + key.prefix();
    }

    private static String owner(ApiKey key) {
        return key.username() == null ? "service-account:" + key.serviceAccount() : "user:" + key.username();
    }
}
