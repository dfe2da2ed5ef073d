package io.gatehouse.cluster;

import io.gatehouse.platform.http.MergePatch;
import io.gatehouse.platform.http.RequestDocument;
import io.micronaut.core.annotation.Nullable;
import io.swagger.v3.oas.annotations.media.Schema;

/** What is said of a site; see {@link Site}. */
@RequestDocument
public record NewSite(
        @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable String name,
        @Schema(requiredMode = Schema.RequiredMode.REQUIRED, maxLength = 253) @Nullable String internalDomain,
        @Nullable String dhcpRange,
        @Nullable String subnetMask,
        @Nullable String gateway,
        @Nullable String dnsForwarders,
        @Nullable String externalIp) {

    /** @throws io.gatehouse.platform.Problem if the patch names anything else */
    NewSite patched(MergePatch patch) {
        var patched = new NewSite(
                patch.text("name", name),
                patch.text("internalDomain", internalDomain),
                patch.text("dhcpRange", dhcpRange),
                patch.text("subnetMask", subnetMask),
                patch.text("gateway", gateway),
                patch.text("dnsForwarders", dnsForwarders),
                patch.text("externalIp", externalIp));
        patch.end();
        return patched;
    }
}
