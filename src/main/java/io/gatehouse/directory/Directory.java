package io.gatehouse.directory;

import jakarta.inject.Singleton;
import java.util.concurrent.atomic.AtomicReference;

/** The directory as it is now. */
@Singleton
public final class Directory {

    private final AtomicReference<DirectorySnapshot> snapshot = new AtomicReference<>();

    /** @return the present snapshot, which never changes; ask again for what comes later */
    public DirectorySnapshot snapshot() {
        return snapshot.get();
    }

    void publish(DirectorySnapshot next) {
        snapshot.set(next);
    }
}
