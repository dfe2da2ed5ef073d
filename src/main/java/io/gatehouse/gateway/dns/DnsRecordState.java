package io.gatehouse.gateway.dns;

import com.fasterxml.jackson.annotation.JsonValue;
import io.gatehouse.platform.Problem;
import io.micronaut.serde.annotation.Serdeable;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** How far a record is. */
@Serdeable
public enum DnsRecordState {

    /** Not yet tried. */
    PENDING,
    /** As it shall be. */
    PUBLISHED,
    /** Tried in vain, and tried again. */
    FAILING;

    @JsonValue
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws Problem if there is no such state */
    static DnsRecordState parse(String text) {
        return Arrays.stream(values()).filter(state -> state.text().equals(text)).findFirst()
                .orElseThrow(() -> Problem.invalid("state", text, "The state of a record is one of "
                        + Arrays.stream(values()).map(DnsRecordState::text).collect(Collectors.joining(", ")) + "."));
    }
}
