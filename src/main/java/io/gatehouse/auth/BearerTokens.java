package io.gatehouse.auth;

import io.gatehouse.audit.Actor;
import io.gatehouse.platform.http.ClientAddress;
import io.gatehouse.platform.http.Exchange;
import io.micronaut.http.HttpHeaders;
import io.micronaut.http.HttpRequest;
import io.micronaut.scheduling.TaskExecutors;
import io.micronaut.security.authentication.Authentication;
import io.micronaut.security.token.validator.TokenValidator;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import org.reactivestreams.Publisher;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Finds out who presents a bearer token (RFC 6750), and what he may do now: no token gives rights by itself. Asks the database,
 * and so keeps off the event loop.
 */
@Singleton
final class BearerTokens implements TokenValidator<HttpRequest<?>> {

    /** An answer that takes long looks at its request's token again and again: that is one use of it. */
    private static final String COUNTED = "gatehouse.api-key.counted";

    private final AccessTokens accessTokens;
    private final Sessions sessions;
    private final ApiKeyAuthentication apiKeys;
    private final ClientAddress clientAddress;
    private final Scheduler blocking;

    BearerTokens(AccessTokens accessTokens, Sessions sessions, ApiKeyAuthentication apiKeys, ClientAddress clientAddress,
                 @Named(TaskExecutors.BLOCKING) ExecutorService blocking) {
        this.accessTokens = accessTokens;
        this.sessions = sessions;
        this.apiKeys = apiKeys;
        this.clientAddress = clientAddress;
        this.blocking = Schedulers.fromExecutorService(blocking);
    }

    @Override
    public Publisher<Authentication> validateToken(String token, HttpRequest<?> request) {
        return Mono.fromCallable(() -> authentication(token, request).orElse(null)).subscribeOn(blocking);
    }

    private Optional<Authentication> authentication(String token, HttpRequest<?> request) {
        var address = clientAddress.of(request);
        if (!ApiKeyToken.looksLikeOne(token)) {
            return accessTokens.session(token).flatMap(session -> sessions.authenticate(session, address));
        }
        boolean again = request.getAttribute(COUNTED).isPresent();
        request.setAttribute(COUNTED, true);
        return ApiKeyToken.parse(token).flatMap(key -> again ? apiKeys.look(key, address)
                : apiKeys.use(key, address, Actor.anonymous(address.getHostAddress(), request.getHeaders().get(HttpHeaders.USER_AGENT))
                        .in(Exchange.correlationId(request))));
    }
}
