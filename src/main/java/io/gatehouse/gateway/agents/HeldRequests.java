package io.gatehouse.gateway.agents;

import io.gatehouse.gateway.GatewayMeters;
import io.gatehouse.gateway.SiteListener;
import io.gatehouse.gateway.SiteState;
import io.gatehouse.gateway.SiteStates;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.scheduling.TaskExecutors;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Named;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Requests of agents that wait for news of their site. They have no thread: a change, the end of their time or of their key wakes them. */
@Singleton
final class HeldRequests implements SiteListener {

    /** @param isNews whether the site has something else to tell; also of null, for a site that is gone */
    private record Held(int site, UUID key, Predicate<@Nullable SiteState> isNews, CompletableFuture<Void> end) {
    }

    private final SiteStates states;
    private final ExecutorService blocking;
    private final Set<Held> all = ConcurrentHashMap.newKeySet();

    HeldRequests(SiteStates states, GatewayMeters meters, @Named(TaskExecutors.BLOCKING) ExecutorService blocking) {
        this.states = states;
        this.blocking = blocking;
        meters.watchWaiting(all);
    }

    /** @return ends when there may be news, or after that time */
    CompletionStage<Void> hold(int site, UUID key, Predicate<@Nullable SiteState> isNews, Duration limit) {
        var held = new Held(site, key, isNews, new CompletableFuture<>());
        held.end.completeOnTimeout(null, limit.toMillis(), TimeUnit.MILLISECONDS);
        var released = held.end.whenCompleteAsync((done, failure) -> all.remove(held), blocking);
        all.add(held);
        releaseIfNews(held);
        return released;
    }

    /** How many there are at the moment. */
    int waiting() {
        return all.size();
    }

    @Override
    public void siteChanged(int site) {
        all.stream().filter(held -> held.site == site).forEach(this::releaseIfNews);
    }

    /** What waits with a key that is not good any more. */
    void releaseUnless(Predicate<UUID> isGood) {
        all.stream().filter(held -> !isGood.test(held.key)).forEach(HeldRequests::release);
    }

    private void releaseIfNews(Held held) {
        if (held.isNews.test(states.of(held.site).orElse(null))) {
            release(held);
        }
    }

    private static void release(Held held) {
        held.end.complete(null);
    }

    @PreDestroy
    void stop() {
        all.forEach(HeldRequests::release);
    }
}
