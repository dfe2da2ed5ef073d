package io.gatehouse.auth;

import io.gatehouse.audit.Actor;
import io.gatehouse.audit.AuditEvent;
import io.gatehouse.audit.AuditLog;
import io.gatehouse.credentials.Sha256;
import io.gatehouse.identity.Factor;
import io.gatehouse.identity.PasswordLogin;
import io.gatehouse.identity.User;
import io.gatehouse.platform.Problem;
import io.gatehouse.platform.Transactions;
import io.gatehouse.platform.http.ListRequest;
import io.gatehouse.platform.http.Page;
import io.gatehouse.platform.http.PrincipalAttributes;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.security.authentication.Authentication;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens sessions, keeps them alive, and ends them. */
@Singleton
final class Sessions {

    static final Duration LIFE = Duration.ofDays(14);
    /** Of one user: the one that was not used for the longest time gives way to a new one. */
    static final int MOST = 100;

    private static final Logger LOG = LoggerFactory.getLogger(Sessions.class);
    private static final int REFRESH_TOKEN_BYTES = 32;
    /** As RFC 8176 names them. */
    private static final String PASSWORD = "pwd";
    private static final String SEVERAL = "mfa";

    private final Transactions transactions;
    private final SessionRows rows;
    private final AccessTokens accessTokens;
    private final Challenges challenges;
    private final FirstDuties duties;
    private final AuditLog audit;
    private final SecureRandom random = new SecureRandom();

    Sessions(Transactions transactions, SessionRows rows, AccessTokens accessTokens, Challenges challenges,
             FirstDuties duties, AuditLog audit) {
        this.transactions = transactions;
        this.rows = rows;
        this.accessTokens = accessTokens;
        this.challenges = challenges;
        this.duties = duties;
        this.audit = audit;
    }

    /** Empty if the login was overtaken by a suspension, a new password or a second factor. */
    Optional<Tokens> open(PasswordLogin.Result.Accepted login, Actor client) {
        return transactions.write(handle -> {
            rows.keepOwner(handle, login.uidNumber());
            return open(handle, login, List.of(PASSWORD), client);
        });
    }

    /** Empty if the login was overtaken by a suspension, a new password, or another one with the same challenge. */
    Optional<Tokens> open(PasswordLogin.Result.Accepted login, Factor factor, String challenge, Actor client) {
        return transactions.write(handle -> {
            rows.keepOwner(handle, login.uidNumber());
            return challenges.spend(handle, challenge)
                    ? open(handle, login, List.of(PASSWORD, name(factor), SEVERAL), client) : Optional.empty();
        });
    }

    private Optional<Tokens> open(Handle handle, PasswordLogin.Result.Accepted login, List<String> amr, Actor client) {
        rows.deleteDead(handle, login.uidNumber());
        rows.deleteBeyond(handle, login.uidNumber(), MOST - 1);
        return rows.open(handle, login, amr, client, LIFE).flatMap(session -> rows.find(handle, session).map(found -> {
            var owner = found.owner();
            audit.record(handle, AuditEvent.success(client.provedToBe(owner.username()), "auth.login.succeeded", target(owner.username()))
                    .with("session", session.toString()).with("amr", amr));
            return issue(handle, session, owner);
        }));
    }

    private static String name(Factor factor) {
        return switch (factor) {
            case TOTP -> "otp";
            case RECOVERY_CODE -> factor.text();
            case PUSH -> "mca";
        };
    }

    /** Empty if the refresh token is none, is of a session that has ended, or is spent, which ends its session. */
    Optional<Tokens> refresh(String refreshToken, Actor client) {
        var hash = Sha256.of(refreshToken);
        return transactions.write(handle -> {
            var presented = rows.findRefreshToken(handle, hash).orElse(null);
            if (presented == null || !presented.usable()) {
                return Optional.empty();
            }
            if (!rows.spendRefreshToken(handle, hash)) {
                rows.delete(handle, presented.session());
                audit.record(handle, AuditEvent.failure(client, "auth.refresh-token.reused", target(presented.owner().username()))
                        .with("session", presented.session().toString()));
                return Optional.empty();
            }
            rows.notice(handle, presented.session(), client.address());
            return Optional.of(issue(handle, presented.session(), presented.owner()));
        });
    }

    /** Who owns a session, with the rights of this moment; empty if it has ended. */
    Optional<Authentication> authenticate(UUID session, InetAddress address) {
        return transactions.read(handle -> rows.find(handle, session).map(found -> {
            if (found.unnoticed()) {
                notice(handle, session, address);
            }
            var owner = found.owner();
            var attributes = new HashMap<>(FirstDuties.attributes(duties.of(owner)));
            attributes.put(PrincipalAttributes.SESSION, session.toString());
            return Authentication.build(owner.username(), Rights.roles(owner.administrator()), attributes);
        }));
    }

    /** @param current the session that asks, if it is one of a session */
    Page<Session> list(User user, ListRequest request, @Nullable String current) {
        var found = transactions.read(handle -> rows.list(handle, user.uidNumber(), request));
        return new Page<>(found.items().stream().map(session -> session.seenFrom(current)).toList(), found.next());
    }

    /** @throws Problem if the user has no such session */
    void revoke(User user, String id, Actor actor) {
        var session = parse(id);
        transactions.write(handle -> {
            if (!rows.delete(handle, session, user.uidNumber())) {
                throw Problem.notFound("session", id);
            }
            audit.record(handle, AuditEvent.success(actor, "auth.session.revoked", target(user.username())).with("session", id));
            return null;
        });
    }

    /** @param except stays */
    void revokeAll(User user, @Nullable String except, Actor actor) {
        transactions.write(handle -> {
            int count = rows.deleteAll(handle, user.uidNumber(), except == null ? null : UUID.fromString(except));
            if (count > 0) {
                audit.record(handle, AuditEvent.success(actor, "auth.sessions.revoked", target(user.username())).with("count", count));
            }
            return null;
        });
    }

    /** Ends the session itself. */
    void logOut(String username, String session, Actor actor) {
        transactions.write(handle -> {
            rows.delete(handle, UUID.fromString(session));
            audit.record(handle, AuditEvent.success(actor, "auth.logout.succeeded", target(username)).with("session", session));
            return null;
        });
    }

    /** That this cannot be written, say on a database that is read-only for now, is no reason to refuse anybody. */
    private void notice(Handle handle, UUID session, InetAddress address) {
        try {
            rows.notice(handle, session, address.getHostAddress());
        } catch (JdbiException e) {
            LOG.debug("When a session was seen is not noted", e);
        }
    }

    private Tokens issue(Handle handle, UUID session, SessionOwner owner) {
        var bytes = new byte[REFRESH_TOKEN_BYTES];
        random.nextBytes(bytes);
        var refreshToken = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        rows.insertRefreshToken(handle, session, Sha256.of(refreshToken));
        return new Tokens(owner.username(), owner.administrator(), duties.of(owner), accessTokens.issue(owner.username(), session), refreshToken);
    }

    private static UUID parse(String id) {
        try {
            return UUID.fromString(id);
        } catch (IllegalArgumentException e) {
            throw Problem.notFound("session", id);
        }
    }

    private static String target(String username) {
        return "user:" + username;
    }
}
