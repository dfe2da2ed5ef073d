package io.gatehouse.identity;

import io.gatehouse.audit.Actor;
import io.gatehouse.audit.AuditEvent;
import io.gatehouse.audit.AuditLog;
import io.gatehouse.credentials.LoginThrottle;
import io.gatehouse.credentials.PushAnswer;
import io.gatehouse.credentials.PushConfiguration;
import io.gatehouse.credentials.PushPrompt;
import io.gatehouse.credentials.PushService;
import io.gatehouse.identity.PushPromptRows.Counted;
import io.gatehouse.platform.Problem;
import io.gatehouse.platform.Problem.Kind;
import io.gatehouse.platform.Transactions;
import io.gatehouse.platform.WebAddress;
import io.gatehouse.platform.settings.Setting;
import io.gatehouse.platform.settings.Settings;
import io.micronaut.core.annotation.Nullable;
import jakarta.inject.Singleton;
import java.net.InetAddress;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.jdbi.v3.core.Handle;

/**
 * Logins whose owner approves them on a phone. Somebody who knows the password can have the phone ring; so each person is asked one
 * thing at a time, on all nodes, and after some prompts in vain nothing for a while. A second login is refused while the first one
 * waits: the service tells prompts of one person apart by nothing, and an approval of one must not let the other in.
 */
@Singleton
public final class PushApproval {

    /** Where somebody logs in. */
    public enum Door {
        HTTP("Authentication Request"), LDAP("SSH Authentication Request");

        private final String title;

        Door(String title) {
            this.title = title;
        }
    }

    /** Why nobody was asked. */
    private enum Obstacle { PENDING, EXHAUSTED }

    private static final Duration MOMENT = Duration.ofSeconds(1);

    private final Settings settings;
    private final PushConfiguration configuration;
    private final PushService service;
    private final Transactions transactions;
    private final PushPromptRows rows;
    private final LoginThrottle throttle;
    private final AuditLog audit;
    private final PushMeters meters;

    PushApproval(Settings settings, PushConfiguration configuration, PushService service, Transactions transactions, PushPromptRows rows,
                 LoginThrottle throttle, AuditLog audit, PushMeters meters) {
        this.settings = settings;
        this.configuration = configuration;
        this.service = service;
        this.transactions = transactions;
        this.rows = rows;
        this.throttle = throttle;
        this.audit = audit;
        this.meters = meters;
    }

    /** Whether a person's password alone lets nobody in. */
    public boolean isDue() {
        return settings.get(Setting.PUSH_NOTIFICATION_ENABLED);
    }

    /** How long a login waits, at most. */
    public Duration patience() {
        return configuration.timeout();
    }

    /**
     * Asks somebody whose password was right. What the answer means for others is seen to even if nobody waits for it any more.
     *
     * @param actor who logs in, as far as is known
     * @return completes when the login is approved; exceptionally with the {@link Problem} that tells why it is not
     * @throws Problem if nobody is asked, since another login waits for its approval or there were too many in vain
     * @throws io.gatehouse.platform.Unavailable if the database cannot be reached
     */
    public CompletableFuture<Void> ask(String username, Door door, InetAddress address, Actor actor) {
        var prompt = UUID.randomUUID();
        if (!transactions.<Boolean, RuntimeException>write(handle -> rows.open(handle, username, prompt))) {
            throw refusal(username);
        }
        meters.asked();
        return service.ask(new PushPrompt(username, door.title, "Please review and respond to your pending authentication request from "
                + address.getHostAddress() + ".")).whenComplete((answer, failure) -> meters.answered()).thenAccept(answer -> {
            meters.count(answer.kind());
            var problem = settled(username, prompt, answer, address, actor);
            if (problem != null) {
                throw problem;
            }
        });
    }

    private Problem refusal(String username) {
        var obstacle = transactions.read(handle -> rows.obstacle(handle, username)).orElse(null);
        if (obstacle == null) {
            return Problem.of(Kind.PUSH_REJECTED, "The account is not active any more.");
        }
        if (obstacle.exhausted().isPositive()) {
            meters.count(Obstacle.EXHAUSTED);
            return Problem.tooMany("Too many logins of this account were not approved; try again later.", obstacle.exhausted());
        }
        meters.count(Obstacle.PENDING);
        var rest = obstacle.open().compareTo(MOMENT) > 0 ? obstacle.open() : MOMENT;
        return Problem.of(Kind.PUSH_PENDING, "Another login of this account waits for its approval; try again when that is over.", rest);
    }

    /** @return null if the login is approved */
    private @Nullable Problem settled(String username, UUID prompt, PushAnswer answer, InetAddress address, Actor actor) {
        boolean inTime = transactions.write(handle -> {
            var counted = rows.close(handle, prompt, answer);
            counted.ifPresent(counts -> record(handle, username, answer, counts, actor));
            return counted.isPresent();
        });
        if (!inTime) {
            return timedOut();
        }
        return switch (answer.kind()) {
            case APPROVED -> {
                throttle.succeededLater(username, address);
                yield null;
            }
            case REJECTED -> {
                if (throttle.failedLater(username, address)) {
                    audit.record(AuditEvent.failure(actor, "auth.login.locked", Users.target(username)));
                }
                yield Problem.of(Kind.PUSH_REJECTED, "The login was rejected on the device.");
            }
            case TIMED_OUT -> timedOut();
            case NO_DEVICE -> Problem.of(Kind.PUSH_NO_DEVICE, "No device of this account may approve logins. Register one at "
                    + settings.get(Setting.PUSH_NOTIFICATION_URL).map(WebAddress::text).orElse("the approval service") + ".");
            case FAILED -> Problem.of(Kind.PUSH_FAILED, "The service for approvals does not answer as it should; try again later.");
        };
    }

    private void record(Handle handle, String username, PushAnswer answer, Counted counts, Actor actor) {
        boolean exhausted = switch (answer.kind()) {
            case REJECTED -> {
                audit.record(handle, AuditEvent.failure(actor, "auth.push.rejected", Users.target(username)));
                yield counts.rejected() == configuration.maxRejected();
            }
            case TIMED_OUT -> {
                audit.record(handle, AuditEvent.failure(actor, "auth.push.unanswered", Users.target(username)));
                yield counts.unanswered() == configuration.maxUnanswered();
            }
            case APPROVED, NO_DEVICE, FAILED -> false;
        };
        if (exhausted) {
            audit.record(handle, AuditEvent.failure(actor, "auth.push.locked", Users.target(username)));
        }
    }

    private static Problem timedOut() {
        return Problem.of(Kind.PUSH_TIMED_OUT, "The login was not approved on a device in time.");
    }
}
