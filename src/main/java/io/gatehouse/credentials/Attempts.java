package io.gatehouse.credentials;

import com.github.benmanes.caffeine.cache.Ticker;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.IntFunction;

/** The login attempts of one account, or of one address: those under way, and those that failed within the window. */
final class Attempts {

    /**
     * @param free       failures that cost nothing; as many attempts may be under way at once
     * @param delayAfter delay of the next attempt after that many failures
     * @param lockAfter  failures that start a lock
     */
    record Rules(int free, IntFunction<Duration> delayAfter, int lockAfter, Duration lockFor, Duration window) {

        int mayBeUnderWay(int failures) {
            return Math.max(1, free - failures);
        }
    }

    /** @param with the other half of the attempt: for an account's, the address; for an address's, the account */
    private record Failure(long at, String with) {
    }

    /** An attempt whose outcome nobody tells for so long, after its delay, is forgotten. */
    private static final Duration LEASE = Duration.ofMinutes(1);
    private static final Duration CROWDED = Duration.ofSeconds(1);

    private final Rules rules;
    private final Ticker ticker;
    private final ReentrantLock mutex = new ReentrantLock();
    private final Condition placeFree = mutex.newCondition();
    private final Deque<Failure> failures = new ArrayDeque<>();
    /** When the lease of each attempt under way ends. */
    private final Deque<Long> underWay = new ArrayDeque<>();
    private boolean locked;
    private long lockedUntil;

    Attempts(Rules rules, Ticker ticker) {
        this.rules = rules;
        this.ticker = ticker;
    }

    /** @param deadline until when to wait for a place, in terms of {@link System#nanoTime()} */
    Admission enter(long deadline) {
        mutex.lock();
        try {
            while (true) {
                long now = ticker.read();
                forgetThePast(now);
                if (locked) {
                    return new Admission.Locked(Duration.ofNanos(lockedUntil - now));
                }
                if (hasPlace()) {
                    var delay = rules.delayAfter().apply(failures.size());
                    underWay.add(now + delay.plus(LEASE).toNanos());
                    passOn();
                    return new Admission.Admitted(delay);
                }
                if (!placeFreed(deadline)) {
                    passOn();
                    return new Admission.Locked(CROWDED);
                }
            }
        } finally {
            mutex.unlock();
        }
    }

    /** @return whether it started a lock */
    boolean failed(String with) {
        mutex.lock();
        try {
            forgetThePast(ticker.read());
            underWay.poll();
            return failedLater(with);
        } finally {
            mutex.unlock();
        }
    }

    /**
     * Of an attempt that was undecided, and under way no more, for the while.
     *
     * @return whether it started a lock
     */
    boolean failedLater(String with) {
        mutex.lock();
        try {
            long now = ticker.read();
            forgetThePast(now);
            if (locked) {
                return false;
            }
            failures.add(new Failure(now, with));
            if (failures.size() < rules.lockAfter()) {
                passOn();
                return false;
            }
            failures.clear();
            locked = true;
            lockedUntil = now + rules.lockFor().toNanos();
            placeFree.signalAll();
            return true;
        } finally {
            mutex.unlock();
        }
    }

    void succeeded(String with) {
        mutex.lock();
        try {
            forgetThePast(ticker.read());
            underWay.poll();
            succeededLater(with);
        } finally {
            mutex.unlock();
        }
    }

    /** Of an attempt that was undecided, and under way no more, for the while. */
    void succeededLater(String with) {
        mutex.lock();
        try {
            forgetThePast(ticker.read());
            failures.removeIf(failure -> failure.with().equals(with));
            passOn();
        } finally {
            mutex.unlock();
        }
    }

    void undecided() {
        mutex.lock();
        try {
            forgetThePast(ticker.read());
            underWay.poll();
            passOn();
        } finally {
            mutex.unlock();
        }
    }

    private boolean hasPlace() {
        return underWay.size() < rules.mayBeUnderWay(failures.size());
    }

    /** Wakes one who waits, as far as there is a place for him; he wakes the next. */
    private void passOn() {
        if (hasPlace()) {
            placeFree.signal();
        }
    }

    private boolean placeFreed(long deadline) {
        try {
            long left = deadline - System.nanoTime();
            return left > 0 && placeFree.awaitNanos(left) > 0;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private void forgetThePast(long now) {
        underWay.removeIf(leaseEnd -> leaseEnd - now <= 0);
        while (!failures.isEmpty() && now - failures.peek().at() >= rules.window().toNanos()) {
            failures.remove();
        }
        if (locked && lockedUntil - now <= 0) {
            locked = false;
        }
    }
}
