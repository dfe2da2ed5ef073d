package io.gatehouse.bench;

import java.util.Arrays;

/**
 * One round of HTTP.
 *
 * @param usage     with the requests as its operations
 * @param latencies in nanoseconds, ascending
 * @param failures  answers of 500 and above
 */
record HttpRound(Measurement usage, long[] latencies, long failures) {

    HttpRound {
        Arrays.sort(latencies);
    }

    double millisAt(double quantile) {
        return latencies.length == 0 ? 0 : latencies[(int) Math.min(latencies.length - 1L, Math.round(latencies.length * quantile))] / 1e6;
    }
}
