package io.gatehouse.gateway.agents;

import com.fasterxml.jackson.annotation.JsonValue;
import io.gatehouse.platform.Problem;
import io.micronaut.serde.annotation.Serdeable;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Collectors;

/** How an agent does; the first that is true of it. */
@Serdeable
enum AgentState {

    /** Not heard of for {@value AgentRows#SILENCE_MINUTES} minutes. */
    SILENT,
    /** It could not apply what it was given. */
    FAILING,
    /** It works with another bundle than the present one of its site. */
    BEHIND,
    CURRENT;

    @JsonValue
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws Problem if there is no such state */
    static AgentState parse(String text) {
        return Arrays.stream(values()).filter(state -> state.text().equals(text)).findFirst()
                .orElseThrow(() -> Problem.invalid("state", text, "The state of an agent is one of "
                        + Arrays.stream(values()).map(AgentState::text).collect(Collectors.joining(", ")) + "."));
    }
}
