package io.gatehouse.auth;

import com.nimbusds.jwt.JWT;
import io.gatehouse.platform.http.Role;
import io.micronaut.context.annotation.Replaces;
import io.micronaut.security.authentication.Authentication;
import io.micronaut.security.token.jwt.validator.DefaultJwtAuthenticationFactory;
import io.micronaut.security.token.jwt.validator.JwtAuthenticationFactory;
import jakarta.inject.Singleton;
import java.text.ParseException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;

/** Finds out who presents a valid access token, and what he may do now: the token itself gives no rights. */
@Singleton
@Replaces(DefaultJwtAuthenticationFactory.class)
final class SessionAuthentication implements JwtAuthenticationFactory {

    private final Sessions sessions;

    SessionAuthentication(Sessions sessions) {
        this.sessions = sessions;
    }

    @Override
    public Optional<Authentication> createAuthentication(JWT token) {
        return session(token).flatMap(session -> sessions.owner(session).map(owner -> Authentication.build(
                owner.username(),
                owner.administrator() ? List.of(Role.ADMINISTRATOR, Role.USER) : List.of(Role.USER),
                Map.of(AccessTokens.SESSION_CLAIM, session.toString()))));
    }

    private static Optional<UUID> session(JWT token) {
        try {
            var claim = token.getJWTClaimsSet().getStringClaim(AccessTokens.SESSION_CLAIM);
            return claim == null ? Optional.empty() : Optional.of(UUID.fromString(claim));
        } catch (ParseException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
