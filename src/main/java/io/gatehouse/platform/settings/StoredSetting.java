package io.gatehouse.platform.settings;

import java.time.Instant;

/**
 * A setting that does not have its default.
 *
 * @param text      in the clear
 * @param updatedBy who set it
 */
public record StoredSetting(String text, long revision, Instant updatedAt, String updatedBy) {

    @Override
    public String toString() {
        return "StoredSetting[" + revision + "]";
    }
}
