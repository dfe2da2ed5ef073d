package io.gatehouse.cluster;

/**
 * Ports that are given out.
 *
 * @param setting where the range is set
 */
record PortRange(int first, int last, String setting) {

    boolean contains(int port) {
        return first <= port && port <= last;
    }

    @Override
    public String toString() {
        return first + "-" + last;
    }
}
