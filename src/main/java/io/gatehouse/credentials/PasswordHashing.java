package io.gatehouse.credentials;

import io.gatehouse.platform.Problem;
import io.micronaut.core.annotation.Nullable;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hashes passwords with argon2id, and checks them against hashes of every form of {@link PasswordHash}.
 *
 * <p>Each argon2id takes {@code gatehouse.argon2.memory-kib} of native memory and a core for some 20 ms. So as many run at
 * once as the machine has cores, on threads of their own: a native call would pin a virtual thread's carrier, and native
 * allocators keep memory for each thread that ever allocated. The caller waits, first come first served; it must not be an
 * event loop.
 *
 * <p>Hashes of other makes, which may cost a hundred times as much, have half as many threads for themselves, and 256 MiB for all
 * of them: they hold up each other, not the rest. Beside each one runs an argon2id that nobody asks for, so that a cheap one
 * is not refused sooner than an account that does not exist.
 */
@Singleton
public final class PasswordHashing {

    /** What a check found. */
    public enum Verdict {
        /** The password is right. */
        MATCH,
        /** The password is right, but its hash is of another form or was made with other parameters than today's: store a new one. */
        MATCH_OUTDATED,
        /** The password is wrong, or there is nothing it could match. */
        MISMATCH
    }

    private static final Logger LOG = LoggerFactory.getLogger(PasswordHashing.class);
    private static final int MAX_OTHERS_KIB = 262_144;

    private final Argon2Parameters present;
    private final Argon2Hash decoy;
    private final HashWorkers workers = new HashWorkers("argon2", Runtime.getRuntime().availableProcessors());
    private final HashWorkers others = new HashWorkers("imported-hash", Math.ceilDiv(Runtime.getRuntime().availableProcessors(), 2));
    private final Semaphore othersKib = new Semaphore(MAX_OTHERS_KIB, true);

    PasswordHashing(Argon2Parameters parameters) {
        present = parameters.orFail();
        decoy = decoy(present);
    }

    /**
     * @return a PHC string with a fresh salt and the configured parameters
     * @throws io.gatehouse.platform.StartupFailure if argon2's native library cannot be loaded
     */
    public String hash(String password) {
        var bytes = password.getBytes(StandardCharsets.UTF_8);
        try {
            return HashWorkers.result(workers.start(
                    () -> NativeArgon2.ARGON2ID.hash(present.iterations(), present.memoryKib(), present.parallelism(), bytes)));
        } finally {
            Arrays.fill(bytes, (byte) 0);
        }
    }

    /**
     * Without a hash, or with one that {@link PasswordHash#parse} refuses, this takes as long as a wrong password does; with an
     * outdated one, at least as long. A password that could not be set here is never right for an
     * outdated hash: an empty one, an endless one (some forms take the longer), one with a NUL (some forms end there).
     *
     * @param stored   the stored hash; null if there is no such account or it has no password
     * @param password in UTF-8; neither changed nor kept
     * @throws io.gatehouse.platform.StartupFailure if argon2's native library cannot be loaded
     */
    public Verdict verify(@Nullable String stored, byte[] password) {
        var hash = stored == null ? Optional.<PasswordHash>empty() : usable(stored);
        if (hash.isPresent() && hash.get() instanceof Argon2Hash argon2 && argon2.isMadeWith(present)) {
            return HashWorkers.result(workers.start(() -> argon2.verify(password))) ? Verdict.MATCH : Verdict.MISMATCH;
        }
        var evenly = workers.start(() -> decoy.verify(password));
        var outdated = hash.filter(any -> isPlausible(password))
                .map(other -> others.start(() -> verifyWithinMemory(other, password)))
                .orElseGet(() -> CompletableFuture.completedFuture(false));
        HashWorkers.await(evenly, outdated);
        return HashWorkers.result(outdated) ? Verdict.MATCH_OUTDATED : Verdict.MISMATCH;
    }

    int waiting() {
        return workers.waiting() + others.waiting();
    }

    int running() {
        return workers.running() + others.running();
    }

    private boolean verifyWithinMemory(PasswordHash hash, byte[] password) {
        othersKib.acquireUninterruptibly(hash.memoryKib());
        try {
            return hash.verify(password);
        } finally {
            othersKib.release(hash.memoryKib());
        }
    }

    private static boolean isPlausible(byte[] password) {
        for (byte b : password) {
            if (b == 0) {
                return false;
            }
        }
        return password.length > 0 && password.length <= PasswordPolicy.MAX_BYTES;
    }

    private static Optional<PasswordHash> usable(String stored) {
        try {
            return Optional.of(PasswordHash.parse(stored));
        } catch (Problem e) {
            LOG.warn("Nobody can log in with a stored password hash: {}", e.getMessage());
            return Optional.empty();
        }
    }

    /** The hash of no known password. */
    private static Argon2Hash decoy(Argon2Parameters parameters) {
        var random = new SecureRandom();
        var salt = new byte[Argon2Hash.SALT_BYTES];
        var hash = new byte[Argon2Hash.HASH_BYTES];
        random.nextBytes(salt);
        random.nextBytes(hash);
        return Argon2Hash.of(parameters, salt, hash);
    }
}
