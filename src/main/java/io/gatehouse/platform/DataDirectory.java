package io.gatehouse.platform;

import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;

/** The folder of everything that survives a restart, held by one server at a time. */
@Singleton
public final class DataDirectory {

    private final Path root;
    private final FileChannel lockChannel;

    DataDirectory(PlatformConfiguration configuration) {
        root = configuration.dataDir().toAbsolutePath().normalize();
        lockChannel = lock();
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

    private FileChannel lock() {
        try {
            Files.createDirectories(root);
            var channel = FileChannel.open(root.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
            FileLock lock = channel.tryLock();
            if (lock == null) {
                channel.close();
                throw inUse();
            }
            return channel;
        } catch (OverlappingFileLockException e) {
            throw inUse();
        } catch (IOException e) {
            throw new StartupFailure("The data directory " + root + " is not writable (" + e.getMessage()
                    + "). Give this user write access to it, or set GATEHOUSE_DATA_DIR to another folder.", e);
        }
    }

    private StartupFailure inUse() {
        return new StartupFailure("The data directory " + root + " is in use by another Gatehouse. "
                + "Stop that one, or set GATEHOUSE_DATA_DIR to another folder.");
    }

    @PreDestroy
    void release() throws IOException {
        lockChannel.close();
    }
}
