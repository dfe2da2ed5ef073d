package io.gatehouse.platform.http;

import io.gatehouse.platform.Unavailable;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.http.HttpRequest;
import io.micronaut.security.authentication.Authentication;
import io.micronaut.security.filters.AuthenticationFetcher;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import org.reactivestreams.Publisher;
import org.reactivestreams.Subscriber;
import org.reactivestreams.Subscription;

/** Whether whoever made a request could still make it, which answers that take long ask again and again. */
@Singleton
public final class Standing {

    private final List<AuthenticationFetcher<HttpRequest<?>>> fetchers;

    Standing(List<AuthenticationFetcher<HttpRequest<?>>> fetchers) {
        this.fetchers = fetchers;
    }

    /**
     * Looks at the request's credentials as if it came now. Blocks.
     *
     * @return empty if they are good no longer
     * @throws Unavailable if the database cannot be reached
     */
    public Optional<Caller> of(HttpRequest<?> request) {
        return fetchers.stream()
                .map(fetcher -> first(fetcher.fetchAuthentication(request)))
                .filter(Objects::nonNull)
                .findFirst()
                .map(Standing::caller);
    }

    private static Caller caller(Authentication authentication) {
        return new Caller(authentication.getName(), authentication.getRoles().contains(Role.ADMINISTRATOR));
    }

    private static @Nullable Authentication first(Publisher<Authentication> publisher) {
        var first = new CompletableFuture<Authentication>();
        publisher.subscribe(new Subscriber<>() {
            @Override
            public void onSubscribe(Subscription subscription) {
                subscription.request(Long.MAX_VALUE);
            }

            @Override
            public void onNext(Authentication authentication) {
                first.complete(authentication);
            }

            @Override
            public void onError(Throwable failure) {
                if (failure instanceof Unavailable) {
                    first.completeExceptionally(failure);
                } else {
                    first.complete(null);
                }
            }

            @Override
            public void onComplete() {
                first.complete(null);
            }
        });
        try {
            return first.join();
        } catch (CompletionException e) {
            throw (Unavailable) e.getCause();
        }
    }
}
