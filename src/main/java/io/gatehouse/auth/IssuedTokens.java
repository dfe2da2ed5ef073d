package io.gatehouse.auth;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.gatehouse.platform.http.FirstDuty;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.serde.annotation.Serdeable;
import java.util.List;

/**
 * What a login brings, named as OAuth 2.0 has it (RFC 6749 section 5.1).
 *
 * @param accessToken  for {@code Authorization: Bearer}
 * @param refreshToken good for new tokens, once
 * @param tokenType    Bearer
 * @param expiresIn    seconds that the access token is good for
 * @param firstDuty    what must be done before anything else; null: nothing
 * @param roles        at the moment; what they allow is looked up at each request
 */
@Serdeable
record IssuedTokens(
        @JsonProperty("access_token") String accessToken,
        @JsonProperty("refresh_token") String refreshToken,
        @JsonProperty("token_type") String tokenType,
        @JsonProperty("expires_in") int expiresIn,
        String username,
        List<String> roles,
        @Nullable FirstDuty firstDuty) {

    static IssuedTokens of(Tokens tokens) {
        return new IssuedTokens(tokens.access(), tokens.refresh(), "Bearer", (int) AccessTokens.LIFE.toSeconds(), tokens.username(),
                Rights.roles(tokens.administrator()), tokens.firstDuty());
    }

    /** Without the tokens. */
    @Override
    public String toString() {
        return "IssuedTokens[" + username + "]";
    }
}
