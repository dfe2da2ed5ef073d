package io.gatehouse.platform.tls;

import io.micronaut.core.annotation.Nullable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.PrivateKey;
import java.security.cert.X509Certificate;
import java.util.List;

/**
 * What a file held when it was read; equal if nothing changed since.
 *
 * @param failure why there is no text
 */
record PemText(Path file, @Nullable String text, @Nullable String failure) {

    static PemText read(Path file) {
        try {
            return new PemText(file, Files.readString(file, StandardCharsets.ISO_8859_1), null);
        } catch (NoSuchFileException e) {
            return new PemText(file, null, "there is no such file");
        } catch (AccessDeniedException e) {
            return new PemText(file, null, "it may not be read by this user");
        } catch (IOException e) {
            return new PemText(file, null, "it cannot be read (" + e.getMessage() + ")");
        }
    }

    List<X509Certificate> certificates() throws UnusableMaterial {
        return decoded(Pem::certificates);
    }

    PrivateKey privateKey() throws UnusableMaterial {
        return decoded(Pem::privateKey);
    }

    /** Without the text, which may hold a private key. */
    @Override
    public String toString() {
        return file.toString();
    }

    private <T> T decoded(Decoder<T> decoder) throws UnusableMaterial {
        try {
            if (text == null) {
                throw new UnusableMaterial(failure);
            }
            return decoder.decode(text);
        } catch (UnusableMaterial e) {
            throw new UnusableMaterial(file + ": " + e.getMessage(), e);
        }
    }

    private interface Decoder<T> {
        T decode(String text) throws UnusableMaterial;
    }
}
