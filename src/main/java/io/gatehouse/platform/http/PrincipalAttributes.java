package io.gatehouse.platform.http;

import io.micronaut.core.annotation.Nullable;
import io.micronaut.security.authentication.Authentication;
import java.util.Collection;
import java.util.List;
import java.util.UUID;

/** What an {@link Authentication} tells besides name and roles. */
public final class PrincipalAttributes {

    /** The session of an access token, a UUID as text. */
    public static final String SESSION = "sid";
    /** The prefix of the API key that was presented. */
    public static final String API_KEY = "apiKey";
    /** Whose key it is, if a service account's. */
    public static final String SERVICE_ACCOUNT = "serviceAccount";
    /** What that key may do, as {@code area:read} and {@code area:write}. */
    public static final String SCOPES = "scopes";

    /** The name of the {@link FirstDuty} of the person, if there is one. */
    public static final String FIRST_DUTY = "firstDuty";

    /** The id of the site whose agent it is. */
    public static final String SITE = "site";
    /** The id of the key that an agent has, a UUID as text. */
    public static final String AGENT_KEY = "agentKey";

    private PrincipalAttributes() {
    }

    /** Null if it is no API key that was presented. */
    public static @Nullable String apiKey(Authentication authentication) {
        return (String) authentication.getAttributes().get(API_KEY);
    }

    /** Null if it is none. */
    public static @Nullable String session(Authentication authentication) {
        return (String) authentication.getAttributes().get(SESSION);
    }

    /** Null if it is no key of a service account. */
    public static @Nullable String serviceAccount(Authentication authentication) {
        return (String) authentication.getAttributes().get(SERVICE_ACCOUNT);
    }

    /** Null if it is no agent. */
    public static @Nullable Integer site(Authentication authentication) {
        return (Integer) authentication.getAttributes().get(SITE);
    }

    /** Null if it is no agent. */
    public static @Nullable UUID agentKey(Authentication authentication) {
        var id = (String) authentication.getAttributes().get(AGENT_KEY);
        return id == null ? null : UUID.fromString(id);
    }

    static @Nullable FirstDuty firstDuty(Authentication authentication) {
        var name = (String) authentication.getAttributes().get(FIRST_DUTY);
        return name == null ? null : FirstDuty.valueOf(name);
    }

    /** Whether no API key was presented, or one with this scope. */
    public static boolean mayUse(Authentication authentication, String scope) {
        return apiKey(authentication) == null || scopes(authentication).contains(scope);
    }

    static Collection<String> scopes(Authentication authentication) {
        return authentication.getAttributes().get(SCOPES) instanceof Collection<?> scopes
                ? scopes.stream().map(String.class::cast).toList() : List.of();
    }
}
