package io.gatehouse.auth;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.nimbusds.jose.JOSEException;
import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.gatehouse.platform.http.PublicUrl;
import jakarta.inject.Singleton;
import java.text.ParseException;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/**
 * Issues access tokens and reads them. That a token was signed here is found out once, for that is what costs; what it is good
 * for is not in it.
 */
@Singleton
final class AccessTokens {

    static final Duration LIFE = Duration.ofMinutes(15);
    static final String AUDIENCE = "gatehouse";
    /** The claim that names the session (OpenID Connect Front-Channel Logout 1.0 section 3). */
    static final String SESSION_CLAIM = "sid";

    private static final String DEFAULT_ISSUER = "gatehouse";
    private static final int LONGEST = 2048;
    private static final int MAX_REMEMBERED = 10_000;

    /** @param keyId of the key that the signature is of */
    private record Genuine(UUID session, String keyId, Instant expiresAt) {
    }

    private final SigningKeys keys;
    private final String issuer;
    private final Cache<String, Genuine> remembered = Caffeine.newBuilder().maximumSize(MAX_REMEMBERED).expireAfterWrite(LIFE).build();

    AccessTokens(SigningKeys keys, PublicUrl url) {
        this.keys = keys;
        issuer = url.text().orElse(DEFAULT_ISSUER);
    }

    String issue(String username, UUID session) {
        var now = Instant.now();
        try {
            return keys.sign(new JWTClaimsSet.Builder()
                    .issuer(issuer)
                    .audience(AUDIENCE)
                    .subject(username)
                    .jwtID(UUID.randomUUID().toString())
                    .claim(SESSION_CLAIM, session.toString())
                    .issueTime(Date.from(now))
                    .expirationTime(Date.from(now.plus(LIFE)))
                    .build(), now).serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The session that a token names; empty if it is none, was issued by somebody else, or has expired. */
    Optional<UUID> session(String token) {
        if (token.length() > LONGEST) {
            return Optional.empty();
        }
        var known = remembered.getIfPresent(token);
        var genuine = known != null && keys.verifies(known.keyId()) ? known : read(token).orElse(null);
        if (genuine == null || !genuine.expiresAt().isAfter(Instant.now())) {
            return Optional.empty();
        }
        if (genuine != known) {
            remembered.put(token, genuine);
        }
        return Optional.of(genuine.session());
    }

    private Optional<Genuine> read(String token) {
        try {
            var parsed = SignedJWT.parse(token);
            if (!keys.verify(parsed)) {
                return Optional.empty();
            }
            var claims = parsed.getJWTClaimsSet();
            var session = claims.getStringClaim(SESSION_CLAIM);
            return issuer.equals(claims.getIssuer()) && List.of(AUDIENCE).equals(claims.getAudience())
                            && session != null && claims.getExpirationTime() != null
                    ? Optional.of(new Genuine(UUID.fromString(session), parsed.getHeader().getKeyID(), claims.getExpirationTime().toInstant()))
                    : Optional.empty();
        } catch (ParseException | JOSEException | IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
