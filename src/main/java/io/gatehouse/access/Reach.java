package io.gatehouse.access;

import java.util.List;

/**
 * Where a person may log in.
 *
 * @param everywhere whether on hosts that nobody knows, too
 * @param exceptions the containers of which the opposite is true, in the order of their names
 */
public record Reach(boolean everywhere, List<Place> exceptions) {

    /** Without exception. */
    public static final Reach EVERYWHERE = new Reach(true, List.of());
}
