package io.gatehouse.identity;

import io.gatehouse.credentials.SshPublicKey;
import io.micronaut.serde.annotation.Serdeable;
import java.time.Instant;

/**
 * A user's SSH key as the API shows it.
 *
 * @param fingerprint {@code SHA256:...}, as ssh-keygen shows it
 * @param publicKey   the line of an authorized_keys file
 */
@Serdeable
public record SshKey(String type, String fingerprint, String comment, String publicKey, Instant createdAt) {

    static SshKey of(SshPublicKey key, Instant createdAt) {
        return new SshKey(key.type(), key.fingerprint(), key.comment(), key.toString(), createdAt);
    }
}
