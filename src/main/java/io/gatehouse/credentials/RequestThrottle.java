package io.gatehouse.credentials;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import io.gatehouse.platform.Problem;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;

/**
 * Limits how often somebody asks for something that costs, such as a registration, over a sliding window: from one address
 * (loopback excepted, as by {@link LoginThrottle}), and about one account. Each node counts for itself and forgets at a restart.
 */
@Singleton
public final class RequestThrottle {

    private static final int MAX_TALLIES = 50_000;

    private final RequestLimits limits;
    private final Ticker ticker;
    private final Cache<String, Deque<Long>> requests;

    @Inject
    RequestThrottle(RequestLimits limits) {
        this(limits, Ticker.systemTicker());
    }

    RequestThrottle(RequestLimits limits, Ticker ticker) {
        this.limits = limits.orFail();
        this.ticker = ticker;
        requests = Caffeine.newBuilder().maximumSize(MAX_TALLIES).expireAfterAccess(limits.window()).ticker(ticker).executor(Runnable::run).build();
    }

    /**
     * Counts a request, unless there have been too many already.
     *
     * @param kind    of request: each counts for itself
     * @param account the account's name in any case, also if there is no such account
     * @throws Problem if there have been
     */
    public void take(String kind, String account, InetAddress address) {
        if (!address.isLoopbackAddress()) {
            count(kind + "@" + CountedAs.address(address), limits.perAddress());
        }
        count(kind + ":" + CountedAs.account(account), limits.perAccount());
    }

    private void count(String key, int limit) {
        long now = ticker.read();
        long window = limits.window().toNanos();
        var wait = new long[1];
        requests.asMap().compute(key, (same, known) -> {
            var times = known == null ? new ArrayDeque<Long>() : known;
            while (!times.isEmpty() && now - times.getFirst() >= window) {
                times.removeFirst();
            }
            if (times.size() < limit) {
                times.addLast(now);
            } else {
                wait[0] = window - (now - times.getFirst());
            }
            return times;
        });
        if (wait[0] > 0) {
            throw Problem.tooMany("Too many requests of this kind; try again later.", Duration.ofNanos(wait[0]));
        }
    }
}
