package io.gatehouse.gateway;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * Something as it goes over the wire, the same bytes to everybody.
 *
 * @param hash SHA-256 in lower-case hexadecimal digits
 */
public record Representation(byte[] content, String hash) {

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

    /** A strong one: whoever has the tag can tell whether he has these bytes. */
    public String entityTag() {
        return '"' + hash + '"';
    }
}
