package io.gatehouse.bench;

/** A kind of load. */
enum Scenario {

    LOOKUP("user lookup", 8),
    GROUPS("groups of a user", 8),
    ENUMERATION("enumeration, pages of 1000 (entries)", 1),
    SECURE_LOOKUP("user lookup over LDAPS", 8),
    LOGIN("connect + bind + lookup", 8),
    PASSWORD_BIND("password bind (argon2id)", 8),
    REPEATED_BIND("repeated password bind", 8);

    /** So few that the warm-up has seen them all. */
    private static final int REPEATING_USERS = 8;

    final String title;
    final int connections;

    Scenario(String title, int connections) {
        this.title = title;
        this.connections = connections;
    }

    boolean isSecure() {
        return this == SECURE_LOOKUP;
    }

    /** Whether each operation has a connection of its own. */
    boolean isReconnecting() {
        return this == LOGIN;
    }

    /** Whether Gatehouse may know a password again; it could be measured at little else then. */
    boolean isRemembering() {
        return this == REPEATED_BIND;
    }

    /** @param seed the same for all servers, so that they are asked the same */
    Script script(Contender contender, String userPassword, long seed) {
        return switch (this) {
            case LOOKUP, SECURE_LOOKUP -> Scripts.personLookup(contender.population(), seed);
            case GROUPS -> Scripts.groupsOfPerson(contender.population(), seed);
            case ENUMERATION -> Scripts.enumeration(contender.population());
            case LOGIN -> Scripts.login(contender, seed);
            case PASSWORD_BIND -> Scripts.passwordBind(userPassword, Population.WITH_PASSWORD, seed);
            case REPEATED_BIND -> Scripts.passwordBind(userPassword, REPEATING_USERS, seed);
        };
    }
}
