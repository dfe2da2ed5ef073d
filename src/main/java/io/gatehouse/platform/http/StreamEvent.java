package io.gatehouse.platform.http;

import io.micronaut.core.annotation.Nullable;

/**
 * A part of an event stream (HTML Living Standard, section 9.2 "Server-sent events").
 *
 * @param id   what a client sends as {@code Last-Event-ID} to go on behind this event; null to leave it at that of an earlier one
 * @param name of the event; null for a comment, which clients pass over
 * @param data is written as JSON, on one line
 */
public record StreamEvent(@Nullable String id, @Nullable String name, @Nullable Object data) {

    /** Shows the client, and whatever is between, that the connection is alive. */
    public static final StreamEvent KEEP_ALIVE = new StreamEvent(null, null, null);
}
