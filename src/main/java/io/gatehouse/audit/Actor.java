package io.gatehouse.audit;

import io.gatehouse.platform.Printable;
import io.micronaut.core.annotation.Nullable;
import java.util.Locale;

/**
 * Who does something.
 *
 * @param name          a user name, a service account's name, a container's host name, the name of an agent's key, {@link #ANONYMOUS_NAME}, or {@link #SYSTEM_NAME}
 * @param key           the prefix of the API key that was presented; null if none was
 * @param address       where the request came from; null if it came from nowhere else
 * @param userAgent     what the client calls itself; null if it does not, as over LDAP
 * @param correlationId under which the server's log tells of the request; null if there was none
 */
public record Actor(Kind kind, String name, @Nullable String key, @Nullable String address, @Nullable String userAgent,
                    @Nullable String correlationId) {

    /** What kind of somebody. */
    public enum Kind {
        USER, SERVICE_ACCOUNT, CONTAINER, AGENT, SYSTEM, ANONYMOUS;

        /** As the API and the database name it: {@code service-account}. */
        public String text() {
            return name().toLowerCase(Locale.ROOT).replace('_', '-');
        }
    }

    public static final String ANONYMOUS_NAME = "anonymous";
    public static final String SYSTEM_NAME = "system";

    /** The server itself. */
    public static final Actor SYSTEM = new Actor(Kind.SYSTEM, SYSTEM_NAME, null, null, null);

    private static final int USER_AGENT_LENGTH = 256;

    public Actor {
        userAgent = userAgent == null ? null : Printable.text(userAgent, USER_AGENT_LENGTH);
    }

    /** Whose request the log does not tell of. */
    public Actor(Kind kind, String name, @Nullable String key, @Nullable String address, @Nullable String userAgent) {
        this(kind, name, key, address, userAgent, null);
    }

    /** Somebody who has not told, or not proved, who he is. */
    public static Actor anonymous(@Nullable String address, @Nullable String userAgent) {
        return new Actor(Kind.ANONYMOUS, ANONYMOUS_NAME, null, address, userAgent);
    }

    /** The same, in the request that the log tells of under this id. */
    public Actor in(@Nullable String request) {
        return new Actor(kind, name, key, address, userAgent, request);
    }

    /** A person, by a password or a session. */
    public static Actor user(String username, @Nullable String address, @Nullable String userAgent) {
        return new Actor(Kind.USER, username, null, address, userAgent);
    }

    /** Whether it is this person. */
    public boolean isUser(String username) {
        return kind == Kind.USER && name.equals(username);
    }

    /** The same client, now known to be this user. */
    public Actor provedToBe(String username) {
        return user(username, address, userAgent).in(correlationId);
    }
}
