package io.gatehouse.audit;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.annotation.Nullable;
import java.time.Duration;

/** @param retention how long events are kept, at least a day; null: for good */
@ConfigurationProperties("gatehouse.audit")
record AuditConfiguration(@Nullable Duration retention) {
}
