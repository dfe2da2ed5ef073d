package io.gatehouse.platform.http;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.annotation.Nullable;
import java.util.List;

/** @param origins whose pages may call the API from a browser, each exactly as the browser names it; null: nobody's */
@ConfigurationProperties("gatehouse.cors")
record CorsConfiguration(@Nullable List<String> origins) {
}
