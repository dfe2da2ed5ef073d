package io.gatehouse.gateway;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.function.Supplier;
import java.util.zip.GZIPOutputStream;

/** Something as it goes over the wire, the same bytes to everybody. */
public final class Representation {

    private final byte[] content;
    private final String hash;
    private final Supplier<byte[]> compressed = new Once<>(this::compress);

    private Representation(byte[] content, String hash) {
        this.content = content;
        this.hash = hash;
    }

    static Representation of(byte[] content) {
        try {
            return new Representation(content, HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content)));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }

    /** In UTF-8. */
    public static Representation of(String text) {
        return of(text.getBytes(StandardCharsets.UTF_8));
    }

    public byte[] content() {
        return content;
    }

    /** The content in the form of gzip (RFC 1952), made when it is first asked for. */
    public byte[] compressed() {
        return compressed.get();
    }

    /** SHA-256 of the content in lower-case hexadecimal digits. */
    public String hash() {
        return hash;
    }

    /** A strong one: whoever has the tag can tell whether he has these bytes. */
    public String entityTag() {
        return '"' + hash + '"';
    }

    private byte[] compress() {
        var bytes = new ByteArrayOutputStream();
        try (var gzip = new GZIPOutputStream(bytes)) {
            gzip.write(content);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return bytes.toByteArray();
    }
}
