package io.gatehouse.access;

import com.fasterxml.jackson.annotation.JsonValue;
import io.micronaut.serde.annotation.Serdeable;
import java.util.Locale;

/** What a policy does to those whom it is about. In this order at the same priority. */
@Serdeable
public enum Effect {

    DENY,
    ALLOW;

    /** {@code deny} or {@code allow}. */
    @JsonValue
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Effect parse(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }
}
