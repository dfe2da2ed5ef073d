package io.gatehouse.cluster;

import io.micronaut.core.annotation.Nullable;

/** What it takes to change DNS records at Cloudflare. */
public record CloudflareCredentials(String email, String key) {

    /**
     * Null for none.
     *
     * @throws io.gatehouse.platform.Problem if one of them breaks a rule, or is missing
     */
    static @Nullable CloudflareCredentials of(@Nullable String email, @Nullable String key) {
        if (email == null && key == null) {
            return null;
        }
        if (email == null || key == null) {
            throw LayoutRule.EXTERNAL_DOMAIN_CLOUDFLARE_WHOLE.broken();
        }
        return new CloudflareCredentials(
                Text.secretMail(NewExternalDomain.CLOUDFLARE_EMAIL, email), Text.secret(NewExternalDomain.CLOUDFLARE_KEY, key));
    }

    @Override
    public String toString() {
        return "CloudflareCredentials[***]";
    }
}
