package io.gatehouse.gateway.dns;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;

/** @param url where Cloudflare's API is */
@ConfigurationProperties("gatehouse.cloudflare")
record CloudflareConfiguration(@Bindable(defaultValue = "https://api.cloudflare.com/client/v4") String url) {
}
