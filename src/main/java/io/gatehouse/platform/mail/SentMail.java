package io.gatehouse.platform.mail;

import io.micronaut.core.annotation.Nullable;
import io.micronaut.serde.annotation.Serdeable;
import java.time.Instant;

/**
 * What became of a mail.
 *
 * @param id            also its header {@code X-Gatehouse-Message-Id}
 * @param template      what kind of mail it is
 * @param attempts      how often it was tried
 * @param lastError     why the last attempt failed; null if it did not
 * @param nextAttemptAt null once it was sent or given up
 * @param endedAt       when it was sent or given up
 */
@Serdeable
public record SentMail(
        String id,
        String recipient,
        String template,
        MailState state,
        int attempts,
        @Nullable String lastError,
        Instant createdAt,
        @Nullable Instant nextAttemptAt,
        @Nullable Instant endedAt) {
}
