package io.gatehouse.platform.http;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.annotation.Nullable;
import java.util.List;

/** @param trustedProxies addresses and networks of proxies whose {@code X-Forwarded-For} is believed */
@ConfigurationProperties("gatehouse")
record ProxyConfiguration(@Nullable List<String> trustedProxies) {
}
