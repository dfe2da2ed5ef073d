package io.gatehouse.auth;

import io.gatehouse.credentials.Sha256;
import io.gatehouse.identity.AccessRevocation;
import io.gatehouse.identity.PasswordLogin.Result.Accepted;
import io.gatehouse.platform.RecurringTask;
import io.gatehouse.platform.Transactions;
import io.micronaut.core.annotation.Nullable;
import jakarta.inject.Singleton;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Base64;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;

/** The table {@code login_challenges}: logins whose password was right, and whose second factor is still to come. */
@Singleton
final class Challenges implements RecurringTask, AccessRevocation {

    static final Duration LIFE = Duration.ofMinutes(5);

    private static final int MOST_FAILURES = 5;
    private static final int BYTES = 32;
    private static final Duration PAUSE = Duration.ofMinutes(10);

    private final Transactions transactions;
    private final SecureRandom random = new SecureRandom();

    Challenges(Transactions transactions) {
        this.transactions = transactions;
    }

    /** @return what to present with the second factor, for one login */
    String open(Accepted login) {
        var bytes = new byte[BYTES];
        random.nextBytes(bytes);
        var challenge = Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
        transactions.write(handle -> handle.createUpdate("""
                        insert into login_challenges (token_hash, uid_number, password_changed_at, expires_at)
                        select :hash, uid_number, :passwordChangedAt, now() + make_interval(secs => :seconds) from users where uid_number = :uidNumber""")
                .bind("hash", Sha256.of(challenge))
                .bind("uidNumber", login.uidNumber())
                .bind("passwordChangedAt", login.passwordChangedAt().atOffset(ZoneOffset.UTC))
                .bind("seconds", LIFE.toSeconds())
                .execute());
        return challenge;
    }

    /** Empty if there is none such, it has ended, or the password has changed or the user was suspended meanwhile. */
    Optional<Accepted> find(String challenge) {
        return transactions.read(handle -> handle.createQuery("""
                        select u.uid_number, u.username, u.password_changed_at from login_challenges c join users u using (uid_number)
                        where c.token_hash = :hash and c.expires_at > now() and c.failures < :most
                          and u.status = 'active' and u.password_changed_at = c.password_changed_at""")
                .bind("hash", Sha256.of(challenge))
                .bind("most", MOST_FAILURES)
                .map((row, context) -> new Accepted(row.getInt("uid_number"), row.getString("username"),
                        row.getObject("password_changed_at", OffsetDateTime.class).toInstant(), Set.of()))
                .findOne());
    }

    /** After five of these it is void. */
    void failed(String challenge) {
        transactions.write(handle -> handle.execute("update login_challenges set failures = failures + 1 where token_hash = ?",
                (Object) Sha256.of(challenge)));
    }

    void end(String challenge) {
        transactions.write(handle -> handle.execute("delete from login_challenges where token_hash = ?", (Object) Sha256.of(challenge)));
    }

    /** @return false if somebody was faster */
    boolean spend(Handle handle, String challenge) {
        return handle.execute("delete from login_challenges where token_hash = ? and expires_at > now()", (Object) Sha256.of(challenge)) > 0;
    }

    @Override
    public void revoke(Handle handle, int uidNumber, @Nullable String except) {
        handle.execute("delete from login_challenges where uid_number = ?", uidNumber);
    }

    @Override
    public String name() {
        return "dead-challenges";
    }

    @Override
    public Duration pause() {
        return PAUSE;
    }

    @Override
    public void run(Handle handle) {
        handle.execute("delete from login_challenges where expires_at <= now()");
    }
}
