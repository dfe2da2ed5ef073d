package io.gatehouse.credentials;

import io.gatehouse.platform.StartupFailure;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/** Platform threads for computations that take a core for long; what has none yet waits, first come first served. */
final class HashWorkers {

    private static final int IDLE_SECONDS = 30;

    private final ThreadPoolExecutor pool;

    HashWorkers(String name, int count) {
        var threads = Thread.ofPlatform().daemon().name(name + "-", 1).factory();
        pool = new ThreadPoolExecutor(count, count, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), threads);
        pool.allowCoreThreadTimeOut(true);
    }

    <T> CompletableFuture<T> start(Supplier<T> computation) {
        return CompletableFuture.supplyAsync(computation, pool);
    }

    /**
     * Waits without heeding interrupts: the caller wipes the password when this returns.
     *
     * @throws StartupFailure if a native library cannot be loaded
     */
    static <T> T result(CompletableFuture<T> computation) {
        try {
            return computation.join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof LinkageError missing) {
                throw new StartupFailure("The native library of argon2 cannot be loaded (" + missing.getMessage() + "). The home"
                        + " directory, or the one that -Djna.tmpdir names, must be writable and not mounted noexec.", missing);
            }
            throw e;
        }
    }

    /** Returns, or throws as {@link #result} does, when all of them have ended. */
    static void await(CompletableFuture<?>... computations) {
        result(CompletableFuture.allOf(computations));
    }

    int waiting() {
        return pool.getQueue().size();
    }

    int running() {
        return pool.getActiveCount();
    }
}
