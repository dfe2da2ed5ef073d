package io.gatehouse.platform.mail;

import io.gatehouse.platform.RecurringTask;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has mail tried again whose time has come, gives up what has no use any more, also where no server is configured to send it, and forgets
 * what became of mail long ago.
 */
@Singleton
final class MailRound implements RecurringTask {

    private static final Logger LOG = LoggerFactory.getLogger(MailRound.class);
    private static final Duration PAUSE = Duration.ofSeconds(15);
    private static final Duration REMEMBERED = Duration.ofDays(90);

    private final MailDispatcher dispatcher;
    private final OutboxRows rows;

    MailRound(MailDispatcher dispatcher, OutboxRows rows) {
        this.dispatcher = dispatcher;
        this.rows = rows;
    }

    @Override
    public String name() {
        return "mail";
    }

    @Override
    public Duration pause() {
        return PAUSE;
    }

    @Override
    public void run(Handle handle) {
        rows.endLate(handle, "It could not be sent in time.").forEach(id -> LOG.warn("The mail {} could not be sent in time", id));
        rows.deleteEndedBefore(handle, REMEMBERED);
        dispatcher.wake();
    }
}
