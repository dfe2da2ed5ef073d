package io.gatehouse.auth;

import io.gatehouse.audit.Actor;
import io.gatehouse.audit.AuditEvent;
import io.gatehouse.audit.AuditLog;
import io.gatehouse.identity.PasswordLogin;
import io.gatehouse.platform.Transactions;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.Base64;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** Opens sessions, keeps them alive, and ends those that are abused. */
@Singleton
final class Sessions {

    private static final Duration LIFE = Duration.ofDays(14);
    private static final int REFRESH_TOKEN_BYTES = 32;

    private final Transactions transactions;
    private final SessionRows rows;
    private final AccessTokens accessTokens;
    private final AuditLog audit;
    private final SecureRandom random = new SecureRandom();

    Sessions(Transactions transactions, SessionRows rows, AccessTokens accessTokens, AuditLog audit) {
        this.transactions = transactions;
        this.rows = rows;
        this.accessTokens = accessTokens;
        this.audit = audit;
    }

    /** Empty if the login was overtaken by a suspension or a new password. */
    Optional<Tokens> open(PasswordLogin.Result.Accepted login, Actor client) {
        return transactions.write(handle -> {
            rows.deleteExpired(handle, login.uidNumber());
            return rows.open(handle, login, client.address(), LIFE).flatMap(session -> rows.owner(handle, session).map(owner -> {
                audit.record(handle, AuditEvent.success(client.provedToBe(owner.username()), "auth.login.succeeded", target(owner))
                        .with("session", session.toString()));
                return issue(handle, session, owner);
            }));
        });
    }

    /** Empty if the refresh token is none, is of a session that has ended, or is spent, which ends its session. */
    Optional<Tokens> refresh(String refreshToken, Actor actor) {
        var hash = sha256(refreshToken);
        return transactions.write(handle -> {
            var presented = rows.findRefreshToken(handle, hash).orElse(null);
            if (presented == null || !presented.usable()) {
                return Optional.empty();
            }
            if (!rows.spendRefreshToken(handle, hash)) {
                rows.delete(handle, presented.session());
                audit.record(handle, AuditEvent.failure(actor, "auth.refresh-token.reused", target(presented.owner()))
                        .with("session", presented.session().toString()));
                return Optional.empty();
            }
            return Optional.of(issue(handle, presented.session(), presented.owner()));
        });
    }

    Optional<SessionOwner> owner(UUID session) {
        return transactions.read(handle -> rows.owner(handle, session));
    }

    private Tokens issue(Handle handle, UUID session, SessionOwner owner) {
        var bytes = new byte[REFRESH_TOKEN_BYTES];
        random.nextBytes(bytes);
        var refreshToken = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        rows.insertRefreshToken(handle, session, sha256(refreshToken));
        return new Tokens(owner.username(), owner.administrator(), accessTokens.issue(owner.username(), session), refreshToken);
    }

    private static String target(SessionOwner owner) {
        return "user:" + owner.username();
    }

    private static byte[] sha256(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
