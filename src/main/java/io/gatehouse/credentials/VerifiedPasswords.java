package io.gatehouse.credentials;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import com.github.benmanes.caffeine.cache.Ticker;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.concurrent.atomic.LongAdder;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Which passwords were found right a moment ago, so that the same one of the same account need not be hashed again.
 *
 * <p>Kept is a keyed digest (HMAC-SHA256) over the account's {@link Stamp} and the password, for a time from the first check
 * on, whether it is asked for meanwhile or not. The key is random and lives in this process's memory alone: what is kept tells
 * nothing without it. Whoever asks brings the stamp of this moment, so that any change of the account is the end of what was
 * kept about it, and nothing needs to be told to forget.
 */
@Singleton
final class VerifiedPasswords {

    /** Some 150 bytes each. */
    static final int MOST = 20_000;

    private static final String HMAC = "HmacSHA256";
    private static final int KEY_BYTES = 32;

    private final boolean on;
    private final SecretKeySpec key;
    private final Cache<ByteBuffer, Boolean> verified;
    private final LongAdder hits = new LongAdder();

    @Inject
    VerifiedPasswords(BindCacheConfiguration configuration) {
        this(configuration.time(), Ticker.systemTicker());
    }

    VerifiedPasswords(Duration time, Ticker ticker) {
        on = time.isPositive();
        var random = new byte[KEY_BYTES];
        new SecureRandom().nextBytes(random);
        key = new SecretKeySpec(random, HMAC);
        verified = Caffeine.newBuilder().maximumSize(MOST).expireAfterWrite(time).ticker(ticker).executor(Runnable::run).build();
    }

    /** Whether this password was found right for this stamp a moment ago. */
    boolean contains(Stamp stamp, byte[] password) {
        boolean known = on && verified.getIfPresent(digest(stamp, password)) != null;
        if (known) {
            hits.increment();
        }
        return known;
    }

    void add(Stamp stamp, byte[] password) {
        if (on) {
            verified.put(digest(stamp, password), Boolean.TRUE);
        }
    }

    /** How many were found right without another hash. */
    long hits() {
        return hits.sum();
    }

    long size() {
        verified.cleanUp();
        return verified.estimatedSize();
    }

    /** Each part goes with its length: no two sets of parts make the same text. */
    private ByteBuffer digest(Stamp stamp, byte[] password) {
        try {
            var mac = Mac.getInstance(HMAC);
            mac.init(key);
            add(mac, stamp.account().getBytes(StandardCharsets.UTF_8));
            add(mac, stamp.hash().getBytes(StandardCharsets.UTF_8));
            mac.update(ByteBuffer.allocate(Long.BYTES).putLong(stamp.revision()).flip());
            add(mac, password);
            return ByteBuffer.wrap(mac.doFinal());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("Every JVM has " + HMAC, e);
        }
    }

    private static void add(Mac mac, byte[] part) {
        mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(part.length).flip());
        mac.update(part);
    }
}
