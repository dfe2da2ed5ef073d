package io.gatehouse.identity;

import io.gatehouse.platform.RecurringTask;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.jdbi.v3.core.Handle;

/** Removes password resets that nobody can use any more, and invitations that nobody has sent again within a week. */
@Singleton
final class ExpiredTokens implements RecurringTask {

    private static final Duration PAUSE = Duration.ofMinutes(10);
    private static final Duration INVITATIONS_STAY = Duration.ofDays(7);

    private final InvitationRows invitations;
    private final PasswordResetRows resets;

    ExpiredTokens(InvitationRows invitations, PasswordResetRows resets) {
        this.invitations = invitations;
        this.resets = resets;
    }

    @Override
    public String name() {
        return "expired-tokens";
    }

    @Override
    public Duration pause() {
        return PAUSE;
    }

    @Override
    public void run(Handle handle) {
        invitations.deleteExpiredFor(handle, INVITATIONS_STAY);
        resets.deleteExpired(handle);
    }
}
