package io.gatehouse.platform.http;

import com.fasterxml.jackson.annotation.JsonValue;
import io.gatehouse.platform.Problem;
import io.micronaut.serde.annotation.Serdeable;
import java.util.Locale;

/** What somebody must do before anything else; the first of several. */
@Serdeable
public enum FirstDuty {
    CHANGE_PASSWORD(Problem.Kind.PASSWORD_CHANGE_REQUIRED,
            "The password must be changed first: PUT /api/v1/users/{username}/password with currentPassword. Then log in again."),
    SET_UP_SECOND_FACTOR(Problem.Kind.SECOND_FACTOR_REQUIRED,
            "Administrators need a second factor here. Set one up: POST /api/v1/me/totp, then POST /api/v1/me/totp/confirm.");

    private final Problem.Kind refusal;
    private final String instruction;

    FirstDuty(Problem.Kind refusal, String instruction) {
        this.refusal = refusal;
        this.instruction = instruction;
    }

    /** As the API writes it. */
    @JsonValue
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** Why nothing else is done before, and what to do. */
    Problem refusal() {
        return Problem.of(refusal, instruction);
    }
}
