package io.gatehouse.platform;

/** A row that was inserted, updated or deleted. */
public record Change(String table, String key) {

    static Change parse(String payload) {
        int colon = payload.indexOf(':');
        return colon < 0 ? new Change(payload, "") : new Change(payload.substring(0, colon), payload.substring(colon + 1));
    }
}
