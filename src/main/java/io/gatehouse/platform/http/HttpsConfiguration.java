package io.gatehouse.platform.http;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.annotation.Nullable;

/** @param port where HTTP is spoken over TLS, beside the port where it is not; 0: any free one; null: nowhere */
@ConfigurationProperties("gatehouse.https")
record HttpsConfiguration(@Nullable Integer port) {
}
