package io.gatehouse.bench;

/** A kind of load over HTTP. */
enum HttpScenario {

    HEALTH("empty route (/health/liveness)"),
    READ_USER("GET /users/{username}"),
    MIXED("reads, patches and creations");

    final String title;

    HttpScenario(String title) {
        this.title = title;
    }

    HttpScript script(HttpScripts scripts, long seed) {
        return switch (this) {
            case HEALTH -> scripts.health();
            case READ_USER -> scripts.reader(seed);
            case MIXED -> scripts.writer(seed);
        };
    }
}
