package io.gatehouse.identity;

import io.micronaut.serde.annotation.Serdeable;

/**
 * An answer that tells nothing of what is there.
 *
 * @param detail what happens next
 */
@Serdeable
public record Received(String detail) {
}
