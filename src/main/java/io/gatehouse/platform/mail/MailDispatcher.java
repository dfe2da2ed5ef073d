package io.gatehouse.platform.mail;

import io.gatehouse.platform.Change;
import io.gatehouse.platform.ChangeListener;
import io.gatehouse.platform.Database;
import io.gatehouse.platform.mail.SmtpTransport.Outcome;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.runtime.event.annotation.EventListener;
import io.micronaut.runtime.server.event.ServerStartupEvent;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends what is in the outbox, one mail after the other, when it is told that there is something. A mail is locked while it is sent, so
 * that no other node sends it, too; the lock of a node that dies goes with it.
 */
@Singleton
final class MailDispatcher implements ChangeListener {

    private static final Logger LOG = LoggerFactory.getLogger(MailDispatcher.class);
    private static final List<Duration> PAUSES = Stream.of(1, 5, 30, 120, 360, 720).map(Duration::ofMinutes).toList();
    private static final Duration LAST_WORDS = Duration.ofSeconds(5);

    private final Database database;
    private final OutboxRows rows;
    private final @Nullable SmtpTransport transport;
    private final Semaphore due = new Semaphore(0);
    private volatile boolean stopped;
    private @Nullable Thread sender;

    MailDispatcher(Database database, OutboxRows rows, MailConfiguration configuration) {
        this.database = database;
        this.rows = rows;
        transport = configuration.transport().orElse(null);
    }

    @EventListener
    void start(ServerStartupEvent started) {
        if (transport != null) {
            sender = Thread.ofPlatform().daemon().name("mail").start(this::run);
        }
    }

    @Override
    public void changed(List<Change> changes) {
        if (changes.stream().anyMatch(change -> change.table().equals("outbox"))) {
            wake();
        }
    }

    @Override
    public void reload() {
        wake();
    }

    void wake() {
        due.release();
    }

    private void run() {
        while (!stopped) {
            try {
                due.acquire();
                due.drainPermits();
                while (!stopped && sendNext()) {
                    // until nothing is due
                }
            } catch (InterruptedException e) {
                return;
            } catch (RuntimeException e) {
                // What could not be sent is tried again.
                LOG.warn("Mail could not be sent ({})", e.getMessage());
                LOG.debug("Mail could not be sent", e);
            }
        }
    }

    /** @return whether it makes sense to go on with the next one */
    boolean sendNext() {
        return database.jdbi().inTransaction(handle -> {
            var mail = rows.claim(handle).orElse(null);
            return mail != null && attempt(handle, mail);
        });
    }

    private boolean attempt(Handle handle, OutboxRows.Due mail) {
        int attempts = mail.attempts() + 1;
        return switch (send(mail)) {
            case Outcome.Taken taken -> {
                rows.end(handle, mail.id(), MailState.SENT, attempts, null);
                yield true;
            }
            case Outcome.Refused(var reason) -> {
                rows.end(handle, mail.id(), MailState.FAILED, attempts, reason);
                LOG.warn("The mail {} was refused ({})", mail.id(), reason);
                yield true;
            }
            case Outcome.NotNow(var reason, boolean unreachable) -> {
                var pause = PAUSES.get(Math.min(attempts, PAUSES.size()) - 1);
                rows.postpone(handle, mail.id(), attempts, reason, pause);
                LOG.warn("The mail {} could not be sent ({}); it is tried again in {}", mail.id(), reason, pause);
                yield !unreachable;
            }
        };
    }

    private Outcome send(OutboxRows.Due mail) {
        try {
            return transport.send(mail.id(), mail.recipient(), rows.content(mail));
        } catch (RuntimeException e) {
            // One that cannot even be read must not hold up the others.
            LOG.debug("The mail {} failed", mail.id(), e);
            return new Outcome.NotNow("It failed inside of this server: " + e.getClass().getSimpleName(), false);
        }
    }

    @PreDestroy
    void stop() throws InterruptedException {
        stopped = true;
        wake();
        if (sender != null) {
            sender.join(LAST_WORDS);
        }
    }
}
