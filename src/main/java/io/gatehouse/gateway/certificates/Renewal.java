package io.gatehouse.gateway.certificates;

import io.micronaut.core.annotation.Nullable;
import java.util.UUID;

/**
 * A certificate to obtain or renew, which nobody else does meanwhile.
 *
 * @param directory of the certificate authority
 * @param email     whom the authority shall write to; null for nobody
 * @param attempts  how many have failed since the last good one
 * @param claim     whose work it is, as long as it stands there
 */
record Renewal(int domainId, String domain, String directory, @Nullable String email, int attempts, UUID claim) {
}
