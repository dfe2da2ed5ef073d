package io.gatehouse.identity;

import com.fasterxml.jackson.annotation.JsonValue;
import io.gatehouse.platform.Problem;
import io.micronaut.serde.annotation.Serdeable;
import java.util.Locale;

/** Where an account is in its life. */
@Serdeable
public enum UserStatus {
    /** Registered, not approved yet. */
    PENDING,
    /** May log in and is shown over LDAP. */
    ACTIVE,
    /** Kept, but neither may log in nor is shown. */
    SUSPENDED;

    /** As the API and the database write it. */
    @JsonValue
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws Problem if there is no such status */
    static UserStatus parse(String text) {
        for (var status : values()) {
            if (status.text().equals(text)) {
                return status;
            }
        }
        throw Problem.invalid("status", text, "The status must be pending, active or suspended.");
    }
}
