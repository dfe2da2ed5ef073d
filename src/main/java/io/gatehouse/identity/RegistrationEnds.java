package io.gatehouse.identity;

import io.gatehouse.audit.Actor;
import io.gatehouse.audit.AuditLog;
import io.gatehouse.platform.RecurringTask;
import io.gatehouse.platform.settings.Setting;
import io.gatehouse.platform.settings.Settings;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.jdbi.v3.core.Handle;

/** Deletes the accounts that people have asked for and nobody has approved, touched or declined for long; others may need their names and addresses. */
@Singleton
final class RegistrationEnds implements RecurringTask {

    private static final Duration PAUSE = Duration.ofMinutes(10);

    private final UserRows rows;
    private final Users users;
    private final AccountMails mails;
    private final AuditLog audit;
    private final Settings settings;

    RegistrationEnds(UserRows rows, Users users, AccountMails mails, AuditLog audit, Settings settings) {
        this.rows = rows;
        this.users = users;
        this.mails = mails;
        this.audit = audit;
        this.settings = settings;
    }

    @Override
    public String name() {
        return "registration-ends";
    }

    @Override
    public Duration pause() {
        return PAUSE;
    }

    @Override
    public void run(Handle handle) {
        var lifetime = settings.get(Setting.REGISTRATION_LIFETIME);
        if (rows.registeredAndLeft(handle, lifetime).isEmpty()) {
            return;
        }
        DirectoryTransactions.lock(handle);
        for (var user : rows.registeredAndLeft(handle, lifetime)) {
            audit.record(handle, users.remove(handle, user, Actor.SYSTEM).with("by", Setting.REGISTRATION_LIFETIME.key()));
            mails.unanswered(handle, user);
        }
    }
}
