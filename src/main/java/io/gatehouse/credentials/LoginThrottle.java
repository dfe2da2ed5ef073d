package io.gatehouse.credentials;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.time.Duration;

/**
 * Slows down and then stops whoever guesses passwords. Failures are counted for each account, known or not, and for each
 * address, over a sliding window; each node counts for itself and forgets at a restart.
 *
 * <ul>
 * <li>An account's first failures cost nothing; each further attempt waits twice as long as the one before; then the account is
 *     locked for a while, and it begins anew.
 * <li>An address is locked after more failures, with whatever accounts. Loopback is not: it may be a proxy with everybody
 *     behind it. An IPv6 address counts as its /64, which is what one host gets.
 * <li>A success forgives this account's failures from this address only: a guesser profits neither from the owner's logins nor
 *     from logins of his own.
 * <li>Attempts at the same time gain nothing. No more of them are under way than could fail freely, one at a time when none
 *     could; the others wait in {@link #admit} for their outcome. Many right logins at once, say of a service account whose
 *     hosts all start, are thus neither delayed nor refused.
 * </ul>
 */
@Singleton
public final class LoginThrottle {

    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int MAX_TALLIES = 50_000;

    private final Ticker ticker;
    private final Duration patience;
    private final Attempts.Rules accountRules;
    private final Attempts.Rules addressRules;
    private final Cache<String, Attempts> accounts;
    private final Cache<String, Attempts> addresses;

    @Inject
    LoginThrottle(LoginLimits limits) {
        this(limits, Ticker.systemTicker(), PATIENCE);
    }

    /** @param patience how long {@link #admit} waits for attempts under way, in real time */
    LoginThrottle(LoginLimits limits, Ticker ticker, Duration patience) {
        limits.orFail();
        this.ticker = ticker;
        this.patience = patience;
        accountRules = new Attempts.Rules(
                limits.freeAttempts(), limits::delayAfter, limits.lockAfter(), limits.lockFor(), limits.window());
        addressRules = new Attempts.Rules(
                limits.addressLockAfter(), failures -> Duration.ZERO, limits.addressLockAfter(), limits.lockFor(), limits.window());
        accounts = tallies(limits);
        addresses = tallies(limits);
    }

    /**
     * Asks for one attempt. Waits, for at most 10 seconds, while as many attempts are under way as may be. After
     * {@link Admission.Admitted} the caller waits the delay, checks the password and tells the outcome exactly once, by
     * {@link #failed}, {@link #succeeded} or {@link #undecided}. An outcome that is never told gives its place back after a minute.
     *
     * @param account the account's name in its one canonical form (case aside), also if there is no such account
     */
    public Admission admit(String account, InetAddress address) {
        long deadline = System.nanoTime() + patience.toNanos();
        if (address.isLoopbackAddress()) {
            return ofAccount(account).enter(deadline);
        }
        var ofAddress = ofAddress(address);
        if (ofAddress.enter(deadline) instanceof Admission.Locked locked) {
            return locked;
        }
        var admission = ofAccount(account).enter(deadline);
        if (admission instanceof Admission.Locked) {
            ofAddress.undecided();
        }
        return admission;
    }

    /** @return whether this failure locked the account or the address, which it tells once for each lock */
    public boolean failed(String account, InetAddress address) {
        boolean accountLocked = ofAccount(account).failed(CountedAs.address(address));
        boolean addressLocked = !address.isLoopbackAddress() && ofAddress(address).failed(CountedAs.account(account));
        return accountLocked || addressLocked;
    }

    /**
     * The same of an attempt that was {@link #undecided} for the while: it is under way no more, and others were admitted since.
     *
     * @return whether this failure locked the account or the address
     */
    public boolean failedLater(String account, InetAddress address) {
        boolean accountLocked = ofAccount(account).failedLater(CountedAs.address(address));
        boolean addressLocked = !address.isLoopbackAddress() && ofAddress(address).failedLater(CountedAs.account(account));
        return accountLocked || addressLocked;
    }

    /** The same of an attempt that was {@link #undecided} for the while. */
    public void succeededLater(String account, InetAddress address) {
        ofAccount(account).succeededLater(CountedAs.address(address));
        if (!address.isLoopbackAddress()) {
            ofAddress(address).succeededLater(CountedAs.account(account));
        }
    }

    public void succeeded(String account, InetAddress address) {
        ofAccount(account).succeeded(CountedAs.address(address));
        if (!address.isLoopbackAddress()) {
            ofAddress(address).succeeded(CountedAs.account(account));
        }
    }

    /** The password could not be checked, say because the client or the database is gone. */
    public void undecided(String account, InetAddress address) {
        ofAccount(account).undecided();
        if (!address.isLoopbackAddress()) {
            ofAddress(address).undecided();
        }
    }

    private Attempts ofAccount(String account) {
        return accounts.get(CountedAs.account(account), name -> new Attempts(accountRules, ticker));
    }

    private Attempts ofAddress(InetAddress address) {
        return addresses.get(CountedAs.address(address), network -> new Attempts(addressRules, ticker));
    }

    private Cache<String, Attempts> tallies(LoginLimits limits) {
        return Caffeine.newBuilder()
                .maximumSize(MAX_TALLIES)
                .expireAfterAccess(limits.window().plus(limits.lockFor()).plus(limits.maxDelay()))
                .ticker(ticker)
                .executor(Runnable::run)
                .build();
    }
}
