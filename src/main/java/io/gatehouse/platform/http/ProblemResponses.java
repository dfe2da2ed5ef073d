package io.gatehouse.platform.http;

import io.gatehouse.platform.Problem;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.MediaType;
import io.micronaut.http.MutableHttpResponse;
import java.time.Duration;
import java.util.Locale;

/** Answers of RFC 9457. */
public final class ProblemResponses {

    private static final MediaType PROBLEM_JSON = MediaType.of("application/problem+json");

    private static final int LONGEST_VALUE = 200;

    private ProblemResponses() {
    }

    public static MutableHttpResponse<?> of(Problem problem) {
        var kind = problem.kind();
        var response = response(HttpStatus.valueOf(kind.status()), new ProblemDocument(
                kind.type(), kind.title(), kind.status(), problem.getMessage(), problem.field(), shown(problem.value()),
                problem.heldBy().isEmpty() ? null : problem.heldBy(), null));
        return problem.retryAfter() == null ? response : retryAfter(response, problem.retryAfter());
    }

    /** A refusal that ends by itself. */
    public static MutableHttpResponse<?> of(Problem problem, Duration retryAfter) {
        return retryAfter(of(problem), retryAfter);
    }

    /** Whether it is a refusal of that kind. */
    public static boolean tells(HttpResponse<?> response, Problem.Kind kind) {
        return response.body() instanceof ProblemDocument document && document.type().equals(kind.type());
    }

    /** What the HTTP layer itself refuses. */
    static MutableHttpResponse<?> of(HttpStatus status, @Nullable String detail) {
        return response(status, new ProblemDocument(type(status), status.getReason(), status.getCode(), detail, null, null, null, null));
    }

    static MutableHttpResponse<?> unexpected(String correlationId) {
        var status = HttpStatus.INTERNAL_SERVER_ERROR;
        return response(status, new ProblemDocument(type(status), status.getReason(), status.getCode(),
                "The server's log tells more under the correlation id.", null, null, null, correlationId));
    }

    private static MutableHttpResponse<?> retryAfter(MutableHttpResponse<?> response, Duration pause) {
        return response.header(HttpHeaders.RETRY_AFTER, Long.toString(Math.max(1, pause.plusMillis(999).toSeconds())));
    }

    private static MutableHttpResponse<?> response(HttpStatus status, ProblemDocument document) {
        var response = HttpResponse.status(status).body(document).contentType(PROBLEM_JSON);
        return status == HttpStatus.UNAUTHORIZED ? response.header(HttpHeaders.WWW_AUTHENTICATE, "Bearer") : response;
    }

    /** As much of it as tells which value was meant. */
    private static @Nullable Object shown(@Nullable Object value) {
        return value instanceof String text && text.length() > LONGEST_VALUE
                ? text.substring(0, text.offsetByCodePoints(0, text.codePointCount(0, LONGEST_VALUE))) + "..."
                : value;
    }

    private static String type(HttpStatus status) {
        return "urn:gatehouse:problem:" + switch (status) {
            case BAD_REQUEST -> "malformed-request";
            case UNAUTHORIZED -> "not-authenticated";
            case FORBIDDEN -> "not-allowed";
            case INTERNAL_SERVER_ERROR -> "internal-error";
            default -> status.name().toLowerCase(Locale.ROOT).replace('_', '-');
        };
    }
}
