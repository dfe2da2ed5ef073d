package io.gatehouse.platform.tls;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Set;

/** A PEM file in the data directory. It is written whole or not at all, and to disk before anything relies on it. */
record PemFile(Path path) {

    private static final Set<PosixFilePermission> OWNER_ONLY = PosixFilePermissions.fromString("rw-------");
    private static final Set<PosixFilePermission> READABLE = PosixFilePermissions.fromString("rw-r--r--");
    private static final Set<PosixFilePermission> OPEN_FOLDER = PosixFilePermissions.fromString("rwxr-xr-x");

    boolean exists() {
        return Files.exists(path);
    }

    List<X509Certificate> certificates() throws UnusableMaterial {
        return PemText.read(path).certificates();
    }

    /** Leaves the file readable by its owner only, however it came here. */
    PrivateKey privateKey() throws UnusableMaterial {
        var key = PemText.read(path).privateKey();
        try {
            if (!Files.getPosixFilePermissions(path).equals(OWNER_ONLY)) {
                Files.setPosixFilePermissions(path, OWNER_ONLY);
            }
            return key;
        } catch (IOException e) {
            throw new UnusableMaterial(path + ": others may read this private key (" + e.getMessage() + ")", e);
        }
    }

    void write(List<X509Certificate> certificates) throws UnusableMaterial {
        write(Pem.encode(certificates), READABLE);
    }

    void write(PrivateKey key) throws UnusableMaterial {
        write(Pem.encode(key), OWNER_ONLY);
    }

    private void write(String text, Set<PosixFilePermission> permissions) throws UnusableMaterial {
        try {
            var folder = path.getParent();
            if (!Files.isDirectory(folder)) {
                Files.createDirectories(folder);
                Files.setPosixFilePermissions(folder, OPEN_FOLDER);
            }
            var fresh = Files.createTempFile(folder, path.getFileName().toString(), ".new",
                    PosixFilePermissions.asFileAttribute(OWNER_ONLY));
            Files.writeString(fresh, text, StandardOpenOption.WRITE, StandardOpenOption.SYNC);
            Files.setPosixFilePermissions(fresh, permissions);
            Files.move(fresh, path, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException e) {
            throw new UnusableMaterial(path + " cannot be written (" + e.getMessage() + "); check its owner and free space", e);
        }
    }
}
