package io.gatehouse.bench;

import java.time.Duration;

/**
 * A server as a whole.
 *
 * @param residentMebibytes after all loads
 * @param peakMebibytes     the most at any time
 * @param serving           from its start to its first answer; null if not measured
 */
record Footprint(Contender contender, long residentMebibytes, long peakMebibytes, Duration serving) {
}
