package io.gatehouse.platform.http;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import java.time.Duration;

/** @param requestTimeout how long a request may take to arrive whole */
@ConfigurationProperties("gatehouse.http")
record HttpConfiguration(@Bindable(defaultValue = "30s") Duration requestTimeout) {
}
