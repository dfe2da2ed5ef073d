package io.gatehouse.cluster;

import io.gatehouse.platform.http.MergePatch;
import io.gatehouse.platform.http.RequestDocument;
import io.micronaut.core.annotation.Nullable;
import io.swagger.v3.oas.annotations.media.Schema;

/**
 * What is said of an external domain; see {@link ExternalDomain}.
 *
 * @param cloudflareApiEmail never shown again
 * @param cloudflareApiKey   never shown again
 */
@RequestDocument
public record NewExternalDomain(
        @Schema(requiredMode = Schema.RequiredMode.REQUIRED, maxLength = 253) @Nullable String domain,
        @Nullable String acmeEmail,
        @Nullable String acmeDirectory,
        @Nullable String cloudflareApiEmail,
        @Nullable String cloudflareApiKey,
        @Nullable String authServer,
        @Nullable Integer siteId) {

    static final String CLOUDFLARE_EMAIL = "cloudflareApiEmail";
    static final String CLOUDFLARE_KEY = "cloudflareApiKey";

    /** @throws io.gatehouse.platform.Problem if the patch names anything else */
    NewExternalDomain patched(MergePatch patch) {
        var patched = new NewExternalDomain(
                patch.text("domain", domain),
                patch.text("acmeEmail", acmeEmail),
                patch.text("acmeDirectory", acmeDirectory),
                patch.text(CLOUDFLARE_EMAIL, cloudflareApiEmail),
                patch.text(CLOUDFLARE_KEY, cloudflareApiKey),
                patch.text("authServer", authServer),
                patch.integer("siteId", siteId));
        patch.end();
        return patched;
    }

    @Override
    public String toString() {
        return "NewExternalDomain[" + domain + "]";
    }
}
