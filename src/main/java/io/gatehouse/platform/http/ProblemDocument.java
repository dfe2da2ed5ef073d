package io.gatehouse.platform.http;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.serde.annotation.Serdeable;
import java.util.List;

/**
 * The body of a refusal (RFC 9457).
 *
 * @param type          stable, for programs to go by
 * @param title         the same for every problem of the type
 * @param detail        what is wrong in this case, for people
 * @param field         which field of the request breaks a rule
 * @param value         its value, unless it is a secret
 * @param heldBy        what stands against it
 * @param correlationId under which the server's log tells more
 */
@Serdeable
@JsonInclude(JsonInclude.Include.NON_NULL)
record ProblemDocument(
        String type,
        String title,
        int status,
        @Nullable String detail,
        @Nullable String field,
        @Nullable Object value,
        @Nullable List<String> heldBy,
        @Nullable String correlationId) {
}
