package io.gatehouse.identity;

import io.micronaut.core.annotation.Nullable;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;

/** The tables {@code totp_factors} and {@code recovery_codes}. */
@Singleton
final class SecondFactorRows {

    /**
     * @param sealed      the secret, encrypted
     * @param lastStep    the newest step whose code was used
     * @param confirmedAt null: not in force yet
     */
    record Stored(int uidNumber, byte[] sealed, @Nullable Long lastStep, @Nullable Instant confirmedAt, int recoveryCodesLeft) {

        @Override
        public String toString() {
            return "Stored[" + uidNumber + "]";
        }
    }

    /** Of a user who is active. */
    Optional<Stored> find(Handle handle, String username) {
        return handle.createQuery("""
                        select t.*, (select count(*) from recovery_codes r where r.uid_number = t.uid_number and r.used_at is null) as codes_left
                        from totp_factors t join users u using (uid_number) where u.username = :username and u.status = 'active'""")
                .bind("username", username)
                .map((row, context) -> {
                    var confirmedAt = row.getObject("confirmed_at", OffsetDateTime.class);
                    return new Stored(row.getInt("uid_number"), row.getBytes("secret"), row.getObject("last_step", Long.class),
                            confirmedAt == null ? null : confirmedAt.toInstant(), row.getInt("codes_left"));
                })
                .findOne();
    }

    /** Keeps sessions from being opened by what was checked before this transaction. */
    void lockUser(Handle handle, int uidNumber) {
        handle.createQuery("select uid_number from users where uid_number = :uidNumber for no key update")
                .bind("uidNumber", uidNumber).mapTo(int.class).findOne();
    }

    /** @return false if there is a confirmed one */
    boolean begin(Handle handle, int uidNumber, byte[] sealed) {
        return handle.createUpdate("""
                        insert into totp_factors as present (uid_number, secret) values (:uidNumber, :secret)
                        on conflict (uid_number) do update set secret = excluded.secret, created_at = now(), last_step = null
                        where present.confirmed_at is null""")
                .bind("uidNumber", uidNumber).bind("secret", sealed).execute() > 0;
    }

    /** @return false if it is confirmed already, or another secret has taken its place */
    boolean confirm(Handle handle, Stored pending, long step) {
        return handle.createUpdate("""
                        update totp_factors set confirmed_at = clock_timestamp(), last_step = :step
                        where uid_number = :uidNumber and confirmed_at is null and secret = :secret""")
                .bind("uidNumber", pending.uidNumber()).bind("secret", pending.sealed()).bind("step", step).execute() > 0;
    }

    /** @return false if that code or a later one was used before, here or on another node */
    boolean spend(Handle handle, Stored factor, long step) {
        return handle.createUpdate("""
                        update totp_factors set last_step = :step
                        where uid_number = :uidNumber and confirmed_at is not null and secret = :secret and (last_step is null or last_step < :step)""")
                .bind("uidNumber", factor.uidNumber()).bind("secret", factor.sealed()).bind("step", step).execute() > 0;
    }

    /** @return whether there was one */
    boolean delete(Handle handle, int uidNumber) {
        return handle.execute("delete from totp_factors where uid_number = ?", uidNumber) > 0;
    }

    void replaceRecoveryCodes(Handle handle, int uidNumber, List<byte[]> hashes) {
        handle.execute("delete from recovery_codes where uid_number = ?", uidNumber);
        hashes.forEach(hash -> handle.execute("insert into recovery_codes (uid_number, code_hash) values (?, ?)", uidNumber, hash));
    }

    boolean isUnused(Handle handle, int uidNumber, byte[] hash) {
        return handle.createQuery("select exists (select from recovery_codes where uid_number = :uidNumber and code_hash = :hash and used_at is null)")
                .bind("uidNumber", uidNumber).bind("hash", hash).mapTo(boolean.class).one();
    }

    /** @return false if there is no such code, or it was used before */
    boolean spendRecoveryCode(Handle handle, int uidNumber, byte[] hash) {
        return handle.execute("update recovery_codes set used_at = now() where uid_number = ? and code_hash = ? and used_at is null", uidNumber, hash) > 0;
    }

    /** Set-ups that nobody has confirmed for a day. */
    void deleteStale(Handle handle) {
        handle.execute("delete from totp_factors where confirmed_at is null and created_at < now() - interval '1 day'");
    }
}
