package io.gatehouse.credentials;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/** Writes public key blobs, right and wrong ones. */
final class SshBlob {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private final String type;

    SshBlob(String type) {
        this.type = type;
        string(type);
    }

    SshBlob string(String text) {
        return string(text.getBytes(StandardCharsets.UTF_8));
    }

    SshBlob string(byte[] content) {
        return raw(ByteBuffer.allocate(Integer.BYTES).putInt(content.length).array()).raw(content);
    }

    SshBlob mpint(BigInteger number) {
        return string(number.toByteArray());
    }

    SshBlob raw(byte... content) {
        bytes.writeBytes(content);
        return this;
    }

    String base64() {
        return Base64.getEncoder().encodeToString(bytes.toByteArray());
    }

    String line() {
        return type + " " + base64();
    }
}
