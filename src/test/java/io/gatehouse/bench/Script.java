package io.gatehouse.bench;

import java.nio.ByteBuffer;

/** What one connection asks, again and again. */
interface Script {

    /** @return the next request, ready to be sent before the next call */
    ByteBuffer next();

    /**
     * @return how many operations this answer completes
     * @throws IllegalStateException if it is not the answer that the entries demand
     */
    int answered(Answer answer);

    /** Whether the next request begins something, rather than going on with it. */
    default boolean isBetweenOperations() {
        return true;
    }
}
