package io.gatehouse.platform.mail;

import jakarta.inject.Singleton;
import java.time.Duration;
import org.jdbi.v3.core.Handle;

/** Takes mail that is to be sent. */
@Singleton
public final class Outbox {

    private static final Duration LONGEST = Duration.ofDays(2);

    private final OutboxRows rows;
    private final boolean open;

    Outbox(OutboxRows rows, MailConfiguration configuration) {
        this.rows = rows;
        open = configuration.transport().isPresent();
    }

    /** Whether mail is sent at all: otherwise what is put here is forgotten. */
    public boolean isOpen() {
        return open;
    }

    /** Has the mail sent, if the handle's transaction is committed. */
    public void put(Handle handle, Mail mail) {
        if (open) {
            rows.insert(handle, mail, mail.usefulFor().compareTo(LONGEST) < 0 ? mail.usefulFor() : LONGEST);
        }
    }
}
