package io.gatehouse.platform;

import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.core.bind.annotation.Bindable;

/**
 * An outside PostgreSQL. Without a {@code url} the embedded one is started.
 *
 * @param maximumPoolSize connections a node holds at the most
 */
@ConfigurationProperties("datasources.default")
record DatabaseConfiguration(
        @Nullable String url,
        @Nullable String username,
        @Nullable String password,
        @Bindable(defaultValue = "10") int maximumPoolSize) {

    @Override
    public String toString() {
        return "DatabaseConfiguration[" + username + "]";
    }
}
