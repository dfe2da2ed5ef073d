package io.gatehouse.identity;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.gatehouse.audit.Actor;
import io.gatehouse.audit.AuditEvent;
import io.gatehouse.audit.AuditLog;
import io.gatehouse.credentials.RandomSecret;
import io.gatehouse.credentials.Sha256;
import io.gatehouse.platform.AccessLimits;
import io.gatehouse.platform.Problem;
import io.gatehouse.platform.Unavailable;
import io.gatehouse.platform.http.ListRequest;
import io.gatehouse.platform.http.Page;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import java.util.regex.Pattern;
import org.jdbi.v3.core.JdbiException;

/** Passwords for programs that log in over LDAP, and cannot ask for a second factor. They are good for nothing else. */
@Singleton
public final class AppPasswords {

    private static final int MOST = 50;
    private static final int LONGEST_NAME = 256;
    private static final Pattern NAME = Pattern.compile(Text.LINE + "{1," + LONGEST_NAME + "}");
    private static final Duration PRECISION = Duration.ofMinutes(1);
    private static final int MAX_NOTICED = 50_000;

    private final DirectoryTransactions transactions;
    private final Users users;
    private final AppPasswordRows rows;
    private final AuditLog audit;
    private final Cache<UUID, Boolean> noticed = Caffeine.newBuilder().maximumSize(MAX_NOTICED).expireAfterWrite(PRECISION).build();

    AppPasswords(DirectoryTransactions transactions, Users users, AppPasswordRows rows, AuditLog audit) {
        this.transactions = transactions;
        this.users = users;
        this.rows = rows;
        this.audit = audit;
    }

    Page<AppPassword> list(String username, ListRequest request) {
        return transactions.read(handle -> rows.list(handle, users.existing(handle, username).uidNumber(), request));
    }

    /** @throws Problem if a value breaks a rule, the name is taken, or there are 50 already */
    AppPassword create(String username, NewAppPassword wish, Actor actor) {
        var name = Text.required("name", wish.name());
        if (!NAME.matcher(name).matches()) {
            throw Problem.invalid("name", name, "1 to " + LONGEST_NAME + " characters on one line are needed.");
        }
        var expiresAt = AccessLimits.expiry(wish.expiresAt(), Instant.now());
        var networks = AccessLimits.networks(wish.allowedNetworks());
        var password = RandomSecret.appPassword();
        return transactions.write(handle -> {
            int uidNumber = users.existing(handle, username).uidNumber();
            if (rows.count(handle, uidNumber) >= MOST) {
                throw Problem.conflict(null, null, "There are " + MOST + " app passwords already. Delete one first.");
            }
            var id = rows.insert(handle, uidNumber, name, Sha256.of(password), expiresAt, networks);
            audit.record(handle, AuditEvent.success(actor, "identity.app-password.created", Users.target(username)).with("name", name));
            return rows.find(handle, uidNumber, id).orElseThrow().telling(password);
        });
    }

    /** @throws Problem if the user has none of that id */
    void delete(String username, String id, Actor actor) {
        var parsed = parse(id);
        transactions.write(handle -> {
            var found = rows.find(handle, users.existing(handle, username).uidNumber(), parsed).orElseThrow(() -> none(id));
            rows.delete(handle, parsed);
            audit.record(handle, AuditEvent.success(actor, "identity.app-password.deleted", Users.target(username)).with("name", found.name()));
            return null;
        });
    }

    /** Notes that it was used, once a minute. That this cannot be written is no reason to refuse anybody. */
    public void notice(UUID id, InetAddress address) {
        if (noticed.asMap().putIfAbsent(id, true) == null) {
            try {
                transactions.read(handle -> {
                    rows.notice(handle, id, address.getHostAddress());
                    return null;
                });
            } catch (Unavailable | JdbiException e) {
                noticed.invalidate(id);
            }
        }
    }

    private static UUID parse(String id) {
        try {
            return UUID.fromString(id);
        } catch (IllegalArgumentException e) {
            throw none(id);
        }
    }

    private static Problem none(String id) {
        return Problem.notFound("app password", id);
    }
}
