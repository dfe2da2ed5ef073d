package io.gatehouse.gateway;

/** What did not get into the files, and why, for the agent to report. */
final class LeftOut {

    private final StringBuilder lines = new StringBuilder();

    /** Does it, unless a value must not get into a file. */
    void unless(String what, Runnable addition) {
        try {
            addition.run();
        } catch (Unrenderable e) {
            lines.append(what).append(": ").append(e.getMessage()).append('\n');
        }
    }

    /** A line for each, of what and why. */
    String text() {
        return lines.toString();
    }
}
