package io.gatehouse.platform.mail;

import com.fasterxml.jackson.annotation.JsonValue;
import io.gatehouse.platform.Problem;
import io.micronaut.serde.annotation.Serdeable;
import java.util.Locale;
import java.util.stream.Stream;

/** Where a mail is. */
@Serdeable
public enum MailState {
    /** It is going to be tried, for the first time or again. */
    PENDING,
    /** The SMTP server has taken it. */
    SENT,
    /** It was refused for good, or it was tried for too long. */
    FAILED;

    @JsonValue
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws Problem if there is no such state */
    static MailState parse(String text) {
        return Stream.of(values()).filter(state -> state.text().equals(text)).findFirst()
                .orElseThrow(() -> Problem.invalid("state", text, "The state of a mail is pending, sent or failed."));
    }
}
