package io.gatehouse.platform;

import java.time.Duration;
import org.jdbi.v3.core.Handle;

/**
 * Work that comes back, such as the removal of what is too old. A bean of this type is run by {@link RecurringTasks} on every
 * node, but never on two at once.
 */
public interface RecurringTask {

    /** Which work it is, unique. */
    String name();

    /** How long each node waits after a run before it tries the next one. */
    Duration pause();

    /** In one transaction; finding nothing to do must be cheap. */
    void run(Handle handle);
}
