package io.gatehouse.cluster;

import com.fasterxml.jackson.annotation.JsonValue;
import io.gatehouse.platform.Problem;
import io.micronaut.serde.annotation.Serdeable;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** How far a job is. */
@Serdeable
public enum JobStatus {
    PENDING, RUNNING, SUCCESS, FAILURE, CANCELLED;

    @JsonValue
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Whether nothing follows. */
    public boolean isFinal() {
        return this == SUCCESS || this == FAILURE || this == CANCELLED;
    }

    /** Whether a job that is this may be that next. */
    boolean leadsTo(JobStatus next) {
        return switch (this) {
            case PENDING -> next == RUNNING || next == CANCELLED || next == FAILURE;
            case RUNNING -> next.isFinal();
            case SUCCESS, FAILURE, CANCELLED -> false;
        };
    }

    /** @throws Problem if there is no such status */
    static JobStatus parse(String text) {
        return Arrays.stream(values()).filter(status -> status.text().equals(text)).findFirst()
                .orElseThrow(() -> Problem.invalid("status", text, "The status of a job is one of "
                        + Arrays.stream(values()).map(JobStatus::text).collect(Collectors.joining(", ")) + "."));
    }
}
