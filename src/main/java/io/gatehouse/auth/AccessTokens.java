package io.gatehouse.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jwt.JWTClaimsSet;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.time.Instant;
import java.util.Date;
import java.util.UUID;

/** Issues access tokens. */
@Singleton
final class AccessTokens {

    static final Duration LIFE = Duration.ofMinutes(15);
    /** The claim that names the session (OpenID Connect Front-Channel Logout 1.0 section 3). */
    static final String SESSION_CLAIM = "sid";

    private final SigningKeys keys;

    AccessTokens(SigningKeys keys) {
        this.keys = keys;
    }

    String issue(String username, UUID session) {
        var now = Instant.now();
        try {
            return keys.sign(new JWTClaimsSet.Builder()
                    .issuer("gatehouse")
                    .subject(username)
                    .claim(SESSION_CLAIM, session.toString())
                    .issueTime(Date.from(now))
                    .expirationTime(Date.from(now.plus(LIFE)))
                    .build()).serialize();
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }
}
