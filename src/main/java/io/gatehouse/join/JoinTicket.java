package io.gatehouse.join;

/**
 * What a join token stands for.
 *
 * @param hostname the container's
 * @param owner    whose it is
 */
record JoinTicket(int containerId, String hostname, String owner, State state) {

    /** Whether it can be redeemed. */
    enum State {
        GOOD, USED, EXPIRED
    }
}
