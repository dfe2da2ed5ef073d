package io.gatehouse.gateway.dns;

import io.micronaut.core.annotation.Nullable;
import io.micronaut.serde.annotation.Serdeable;
import java.time.Instant;

/**
 * A public name that leads to a site by a record of its own.
 *
 * @param address     where it shall lead to; null if the record shall go
 * @param published   where it leads to, as far as is known; null if there is no record of ours
 * @param error       why the last attempt failed; null if it did not
 * @param attemptedAt when it was looked at last; null if it was not yet
 * @param dueAt       when it is looked at next
 */
@Serdeable
public record DnsRecord(
        String name,
        int externalDomainId,
        @Nullable String address,
        @Nullable String published,
        DnsRecordState state,
        @Nullable String error,
        @Nullable Instant attemptedAt,
        Instant dueAt) {
}
