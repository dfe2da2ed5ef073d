package io.gatehouse.gateway.agents;

import io.micronaut.serde.annotation.Serdeable;

/**
 * Something that is not in service.
 *
 * @param what   a file of the bundle, or what it is about
 * @param reason in the words of whoever refused it
 */
@Serdeable
record LeftOut(String what, String reason) {
}
