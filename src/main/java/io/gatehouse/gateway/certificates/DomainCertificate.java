package io.gatehouse.gateway.certificates;

import io.micronaut.core.annotation.Nullable;
import io.micronaut.serde.annotation.Serdeable;
import java.time.Instant;
import java.util.List;

/**
 * The certificate of an external domain; the key is never shown.
 *
 * @param id          SHA-256 of the certificate, in hexadecimal; null if there is none yet, as is all that describes it
 * @param names       what it is for; empty if there is none yet
 * @param wildcard    whether it is for the names below the domain as well, as far as they have one more label
 * @param error       why the last attempt to get or renew it failed; null if it did not
 * @param attemptedAt when that was tried last; null if it was not
 * @param dueAt       when it is tried next; null if it is not
 */
@Serdeable
public record DomainCertificate(
        int externalDomainId,
        CertificateState state,
        @Nullable String id,
        @Nullable CertificateSource source,
        List<String> names,
        boolean wildcard,
        @Nullable String issuer,
        @Nullable Instant notBefore,
        @Nullable Instant notAfter,
        @Nullable String error,
        @Nullable Instant attemptedAt,
        @Nullable Instant dueAt) {
}
