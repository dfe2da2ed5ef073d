package io.gatehouse.platform;

import java.util.List;

/** Sees what was committed, here or on another node, in the order of the commits; called by one thread at a time. */
public interface ChangeListener {

    /** @param changes what changed since the last call; the rows' present state is in the database */
    void changed(List<Change> changes);

    /** Anything may have changed: at the start, and after the connection to the database was lost. */
    void reload();
}
