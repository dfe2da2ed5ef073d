package io.gatehouse.platform.http;

/** Names of roles, for {@code @Secured}. Who holds one is looked up at every request. */
public final class Role {

    /** An active member of a group with {@code isAdministrator}. */
    public static final String ADMINISTRATOR = "administrator";
    /** Any active user. */
    public static final String USER = "user";

    /** A service account's API key; what it may do, its scopes tell. */
    public static final String SERVICE = "service";

    /** The agent of a site, by its key: what is told to agents of that site, and nothing else ({@link SiteRule}). */
    public static final String AGENT = "agent";

    private Role() {
    }
}
