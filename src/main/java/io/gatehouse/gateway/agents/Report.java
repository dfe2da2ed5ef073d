package io.gatehouse.gateway.agents;

import io.micronaut.core.annotation.Nullable;
import java.util.List;

/**
 * What an agent told, in the form in which it is kept.
 *
 * @param applied the hash of the bundle it works with; null: none yet
 * @param failed  whether it could not apply what it was given last
 */
record Report(
        String host,
        String agentVersion,
        @Nullable String nginxVersion,
        @Nullable String dnsmasqVersion,
        @Nullable String applied,
        boolean failed,
        @Nullable String nginxError,
        @Nullable String dnsmasqError,
        List<LeftOut> leftOut) {
}
