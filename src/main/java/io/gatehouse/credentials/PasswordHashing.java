package io.gatehouse.credentials;

import de.mkammerer.argon2.Argon2;
import de.mkammerer.argon2.Argon2Factory;
import de.mkammerer.argon2.Argon2Factory.Argon2Types;
import io.gatehouse.platform.StartupFailure;
import io.micronaut.core.annotation.Nullable;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hashes and checks passwords with argon2id.
 *
 * <p>Each computation takes {@code gatehouse.argon2.memory-kib} of native memory and a core for some 20 ms. So as many run at
 * once as the machine has cores, on threads of their own: a native call would pin a virtual thread's carrier, and native
 * allocators keep memory for each thread that ever allocated. The caller waits, first come first served; it must not be an
 * event loop.
 */
@Singleton
public final class PasswordHashing {

    /** What a check found. */
    public enum Verdict {
        /** The password is right. */
        MATCH,
        /** The password is right, but its hash was made with other parameters than today's: store a new one. */
        MATCH_OUTDATED,
        /** The password is wrong, or there is nothing it could match. */
        MISMATCH
    }

    private static final Logger LOG = LoggerFactory.getLogger(PasswordHashing.class);
    private static final int IDLE_SECONDS = 30;

    private final Argon2Parameters present;
    private final Argon2Hash decoy;
    private final ThreadPoolExecutor workers = workers(Runtime.getRuntime().availableProcessors());

    PasswordHashing(Argon2Parameters parameters) {
        present = parameters.orFail();
        decoy = decoy(present);
    }

    /**
     * @return a PHC string with a fresh salt and the configured parameters
     * @throws StartupFailure if argon2's native library cannot be loaded
     */
    public String hash(String password) {
        var bytes = password.getBytes(StandardCharsets.UTF_8);
        try {
            return onWorker(() -> argon2().hash(present.iterations(), present.memoryKib(), present.parallelism(), bytes));
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    /**
     * Without a hash, or with one that is malformed or costs too much to check, this takes as long as a wrong password does.
     *
     * @param phc      the stored hash; null if there is no such account or it has no password
     * @param password in UTF-8; neither changed nor kept
     * @throws StartupFailure if argon2's native library cannot be loaded
     */
    public Verdict verify(@Nullable String phc, byte[] password) {
        var hash = phc == null ? decoy : Argon2Hash.parse(phc).orElseGet(() -> {
            LOG.warn("A stored password hash is no argon2id hash of acceptable cost; nobody can log in with it");
            return decoy;
        });
        boolean matches = onWorker(() -> argon2().verify(hash.phc(), password));
        if (!matches || hash == decoy) {
            return Verdict.MISMATCH;
        }
        return hash.isMadeWith(present) ? Verdict.MATCH : Verdict.MATCH_OUTDATED;
    }

    int waiting() {
        return workers.getQueue().size();
    }

    int running() {
        return workers.getActiveCount();
    }

    private <T> T onWorker(Supplier<T> computation) {
        try {
            // Joins without heeding interrupts: the caller wipes the password when this returns.
            return CompletableFuture.supplyAsync(computation, workers).join();
        } catch (CompletionException e) {
            if (e.getCause() instanceof LinkageError missing) {
                throw new StartupFailure("The native library of argon2 cannot be loaded (" + missing.getMessage() + "). The home"
                        + " directory, or the one that -Djna.tmpdir names, must be writable and not mounted noexec.", missing);
            }
            throw e;
        }
    }

    private static Argon2 argon2() {
        return Native.ARGON2ID;
    }

    /** Loaded at the first computation. */
    private static final class Native {
        static final Argon2 ARGON2ID = Argon2Factory.create(Argon2Types.ARGON2id, Argon2Hash.SALT_BYTES, Argon2Hash.HASH_BYTES);
    }

    /** The hash of no known password. */
    private static Argon2Hash decoy(Argon2Parameters parameters) {
        var random = new SecureRandom();
        var salt = new byte[Argon2Hash.SALT_BYTES];
        var hash = new byte[Argon2Hash.HASH_BYTES];
        random.nextBytes(salt);
        random.nextBytes(hash);
        return Argon2Hash.parse(Argon2Hash.format(parameters, salt, hash)).orElseThrow();
    }

    private static ThreadPoolExecutor workers(int count) {
        var threads = Thread.ofPlatform().daemon().name("argon2-", 1).factory();
        var pool = new ThreadPoolExecutor(count, count, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), threads);
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }
}
