package io.gatehouse.directory;

import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;

/** The directory as it is now. */
@Singleton
public final class Directory {

    private final AtomicReference<DirectorySnapshot> snapshot = new AtomicReference<>();
    private volatile long publishedNanos = System.nanoTime();

    /** @return the present snapshot, which never changes; ask again for what comes later */
    public DirectorySnapshot snapshot() {
        return snapshot.get();
    }

    /** How long ago the present snapshot was published. */
    Duration age() {
        return Duration.ofNanos(System.nanoTime() - publishedNanos);
    }

    void publish(DirectorySnapshot next) {
        snapshot.set(next);
        publishedNanos = System.nanoTime();
    }
}
