package io.gatehouse.platform.mail;

import io.gatehouse.platform.RecurringTask;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.jdbi.v3.core.Handle;

/** Has mail tried again whose time has come, and forgets what became of mail long ago. */
@Singleton
final class MailRound implements RecurringTask {

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
        rows.deleteEndedBefore(handle, REMEMBERED);
        dispatcher.wake();
    }
}
