package io.gatehouse.platform.http;

import io.gatehouse.platform.Problem;
import io.gatehouse.platform.Transactions;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.core.order.Ordered;
import io.micronaut.core.propagation.MutablePropagatedContext;
import io.micronaut.http.HttpMethod;
import io.micronaut.http.HttpRequest;
import io.micronaut.http.HttpResponse;
import io.micronaut.http.HttpStatus;
import io.micronaut.http.ServerHttpRequest;
import io.micronaut.http.annotation.RequestFilter;
import io.micronaut.http.annotation.ServerFilter;
import io.micronaut.http.annotation.Status;
import io.micronaut.http.body.ByteBody.SplitBackpressureMode;
import io.micronaut.http.filter.FilterContinuation;
import io.micronaut.http.filter.ServerFilterPhase;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.scheduling.annotation.ExecuteOn;
import io.micronaut.security.annotation.Secured;
import io.micronaut.security.rules.SecurityRule;
import io.micronaut.web.router.RouteAttributes;
import io.micronaut.web.router.RouteInfo;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * Carries out a creation with an {@code Idempotency-Key} once, however often it is sent within 24 hours, and answers it alike each
 * time (draft-ietf-httpapi-idempotency-key-header). The request becomes one transaction with the record of its answer: both are
 * there or neither is, whatever fails. Who sends the same at the same time waits for the outcome. What was refused leaves no
 * record, so that it can be tried again. Other calls know no such key: the refusal of a login may take long, and that of a spent
 * refresh token ends its session, which must not be undone.
 */
@ServerFilter(value = "/api/**", methods = HttpMethod.POST)
final class IdempotencyKeys implements Ordered {

    static final String HEADER = "Idempotency-Key";
    private static final Pattern FORM = Pattern.compile("[!-~]{1,255}");

    private final Transactions transactions;
    private final StoredAnswers answers;

    IdempotencyKeys(Transactions transactions, StoredAnswers answers) {
        this.transactions = transactions;
        this.answers = answers;
    }

    /** Who asks is known by then. */
    @Override
    public int getOrder() {
        return ServerFilterPhase.SECURITY.after();
    }

    @RequestFilter
    @ExecuteOn(TaskExecutors.BLOCKING)
    HttpResponse<?> once(HttpRequest<?> request, MutablePropagatedContext context, FilterContinuation<HttpResponse<?>> continuation) {
        var key = creates(request) ? key(request) : null;
        var principal = request.getUserPrincipal().orElse(null);
        if (key == null || principal == null) {
            return continuation.proceed();
        }
        var fingerprint = fingerprint(request);
        try {
            return transactions.write(handle -> {
                var earlier = answers.claim(handle, principal.getName(), key, fingerprint);
                if (earlier.isPresent()) {
                    return earlier.get();
                }
                context.add(Transactions.joining(handle));
                // Naming the request is what makes the continuation take up the context as it is now.
                var response = continuation.request(request).proceed();
                if (response.code() >= 300) {
                    throw new Refused(response);
                }
                answers.store(handle, principal.getName(), key, response);
                return response;
            });
        } catch (Refused refused) {
            return refused.response;
        }
    }

    private static boolean creates(HttpRequest<?> request) {
        return RouteAttributes.getRouteInfo(request).map(RouteInfo::getAnnotationMetadata)
                .filter(route -> route.enumValue(Status.class, HttpStatus.class).filter(HttpStatus.CREATED::equals).isPresent())
                .filter(route -> !Arrays.asList(route.stringValues(Secured.class)).contains(SecurityRule.IS_ANONYMOUS))
                .isPresent();
    }

    private static @Nullable String key(HttpRequest<?> request) {
        var keys = request.getHeaders().getAll(HEADER);
        if (keys.isEmpty()) {
            return null;
        }
        if (keys.size() > 1 || !FORM.matcher(keys.getFirst()).matches()) {
            throw Problem.of(Problem.Kind.MALFORMED, "An Idempotency-Key is 1 to 255 printable ASCII characters without blanks.");
        }
        return keys.getFirst();
    }

    /** Of method, address and body: what makes a request the same one. */
    private static byte[] fingerprint(HttpRequest<?> request) {
        try {
            var digest = MessageDigest.getInstance("SHA-256");
            digest.update((request.getMethodName() + " " + request.getUri() + "\n").getBytes(StandardCharsets.UTF_8));
            if (request instanceof ServerHttpRequest<?> received) {
                try (var copy = received.byteBody().split(SplitBackpressureMode.FASTEST); var whole = copy.buffer().join()) {
                    digest.update(whole.toByteArray());
                }
            }
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Rolls back. */
    private static final class Refused extends RuntimeException {

        private final transient HttpResponse<?> response;

        Refused(HttpResponse<?> response) {
            super(null, null, false, false);
            this.response = response;
        }
    }
}
