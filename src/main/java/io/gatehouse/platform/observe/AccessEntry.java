package io.gatehouse.platform.observe;

import java.time.Instant;
import java.util.function.BiConsumer;

/** One request that has been answered. What is costly to tell is told when it is asked for, which is on another thread. */
public interface AccessEntry {

    /** The end of its name in the log: {@code HTTP} or {@code LDAP}. */
    AccessLog.Protocol protocol();

    Instant endedAt();

    /** For people: one line. */
    String text();

    /** For programs: names, and values that are numbers or texts. No secrets. */
    void fields(BiConsumer<String, Object> field);
}
