package io.gatehouse.bench;

/** What one HTTP connection asks, again and again. */
interface HttpScript {

    /** @return the next request */
    byte[] next();

    /** @throws IllegalStateException if it is not an answer that the request may have */
    void answered(HttpAnswer answer);
}
