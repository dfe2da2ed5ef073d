package io.gatehouse.cluster;

import io.gatehouse.platform.Problem;

/** A rule that the database holds as well, by a constraint or a trigger; whoever notices first, the refusal is the same. */
interface Rule {

    /** What the database calls it. */
    String constraint();

    /** The refusal when the database noticed, which does not tell the value. */
    Problem broken();
}
