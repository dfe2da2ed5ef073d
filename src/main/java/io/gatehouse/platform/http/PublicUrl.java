package io.gatehouse.platform.http;

import io.gatehouse.platform.Problem;
import io.gatehouse.platform.StartupFailure;
import io.gatehouse.platform.WebAddress;
import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.annotation.Nullable;
import java.util.Optional;

/** @param publicUrl how clients reach this server, such as {@code https://gatehouse.example.org}; null if nobody has said */
@ConfigurationProperties("gatehouse")
public record PublicUrl(@Nullable String publicUrl) {

    /** @throws StartupFailure if it is no address */
    public PublicUrl {
        if (publicUrl != null) {
            try {
                WebAddress.parse("publicUrl", publicUrl);
            } catch (Problem e) {
                throw new StartupFailure("GATEHOUSE_PUBLIC_URL is no address such as https://gatehouse.example.org. " + e.getMessage());
            }
        }
    }

    /** As it was configured. */
    public Optional<String> text() {
        return Optional.ofNullable(publicUrl);
    }
}
