package io.gatehouse.cluster;

import com.fasterxml.jackson.annotation.JsonValue;
import io.gatehouse.platform.Problem;
import io.micronaut.serde.annotation.Serdeable;
import java.util.Arrays;
import java.util.Locale;

/** How far the creation of a container is. */
@Serdeable
public enum ContainerStatus {
    PENDING, CREATING, RUNNING, FAILED;

    static final String RULE = "The status of a container is pending, creating, running or failed.";

    @JsonValue
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws Problem if there is no such status */
    public static ContainerStatus parse(String text) {
        return Arrays.stream(values()).filter(status -> status.text().equals(text)).findFirst()
                .orElseThrow(() -> Problem.invalid("status", text, RULE));
    }
}
