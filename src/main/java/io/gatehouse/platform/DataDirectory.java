package io.gatehouse.platform;

import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/** The folder of everything that survives a restart, held by one server at a time. */
@Singleton
public final class DataDirectory {

    private final Path root;
    private final FileChannel lockChannel;

    @Inject
    DataDirectory(PlatformConfiguration configuration) {
        this(root(configuration), lock(root(configuration)).orElseThrow(() -> inUse(root(configuration))));
    }

    private DataDirectory(Path root, FileChannel lockChannel) {
        this.root = root;
        this.lockChannel = lockChannel;
    }

    /** Empty if a server holds it. */
    static Optional<DataDirectory> ifFree(Path root) {
        return lock(root).map(lock -> new DataDirectory(root, lock));
    }

    private static Path root(PlatformConfiguration configuration) {
        return configuration.dataDir().toAbsolutePath().normalize();
    }

    public Path resolve(String name) {
        return root.resolve(name);
    }

    /** Writes a file that only its owner may read; it appears whole or not at all. */
    public void writeSecret(Path file, byte[] content) {
        try {
            Files.createDirectories(file.getParent());
            var fresh = Files.createTempFile(file.getParent(), file.getFileName().toString(), ".new",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
            Files.write(fresh, content, StandardOpenOption.WRITE, StandardOpenOption.SYNC);
            Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new StartupFailure("Cannot write " + file + " (" + e.getMessage() + "). Check its owner and free space.", e);
        }
    }

    private static Optional<FileChannel> lock(Path root) {
        try {
            Files.createDirectories(root);
            var channel = FileChannel.open(root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock == null) {
                channel.close();
                return Optional.empty();
            }
            return Optional.of(channel);
        } catch (OverlappingFileLockException e) {
            return Optional.empty();
        } catch (IOException e) {
            throw new StartupFailure("The data directory " + root + " is not writable (" + e.getMessage()
                    + "). Give this user write access to it, or set GATEHOUSE_DATA_DIR to another folder.", e);
        }
    }

    private static StartupFailure inUse(Path root) {
        return new StartupFailure("The data directory " + root + " is in use by another Gatehouse. "
                + "Stop that one, or set GATEHOUSE_DATA_DIR to another folder.");
    }

    @PreDestroy
    void release() {
        try {
            lockChannel.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
