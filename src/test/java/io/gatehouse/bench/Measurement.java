package io.gatehouse.bench;

import java.time.Duration;

/**
 * One round.
 *
 * @param serverMicros processor time of the server, in microseconds
 * @param clientMicros processor time of this process
 */
record Measurement(long operations, Duration elapsed, long serverMicros, long clientMicros) {

    /** Operations a second. */
    double rate() {
        return operations * 1e9 / elapsed.toNanos();
    }

    /** The server's microseconds an operation. */
    double serverCost() {
        return (double) serverMicros / operations;
    }

    /** The client's microseconds an operation. */
    double clientCost() {
        return (double) clientMicros / operations;
    }
}
