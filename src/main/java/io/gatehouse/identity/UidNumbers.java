package io.gatehouse.identity;

import io.gatehouse.platform.Database;
import io.gatehouse.platform.StartupFailure;
import jakarta.inject.Singleton;

/** The range that uid numbers are given out from. */
@Singleton
final class UidNumbers {

    private static final int FIRST = 2000;

    private final Database database;
    private final int max;

    UidNumbers(Database database, IdentityConfiguration configuration) {
        this.database = database;
        max = configuration.orFail().uidMax();
    }

    /** @throws StartupFailure if numbers above the configured end have been given out already */
    void apply() {
        if (max < FIRST) {
            throw new StartupFailure("GATEHOUSE_UID_MAX is " + max + "; uid numbers begin at " + FIRST + ".");
        }
        database.asOwner(handle -> {
            // Nodes that start together change it one after the other.
            handle.execute("select pg_advisory_xact_lock(hashtext('gatehouse.uid-numbers'))");
            int given = handle.createQuery("select last_value from user_uid_numbers").mapTo(int.class).one();
            if (given > max) {
                throw new StartupFailure("GATEHOUSE_UID_MAX is " + max + ", but uid numbers up to " + given + " have been given out already.");
            }
            int present = handle.createQuery("select seqmax from pg_sequence where seqrelid = 'user_uid_numbers'::regclass")
                    .mapTo(int.class).one();
            if (present != max) {
                handle.execute("alter sequence user_uid_numbers maxvalue " + max);
            }
        });
    }
}
