package io.gatehouse.access;

import io.micronaut.core.annotation.Nullable;
import java.time.Instant;
import java.util.Comparator;
import java.util.UUID;

/**
 * A policy that is switched on, by numbers.
 *
 * @param priority   from 0; the lowest number wins
 * @param validFrom  null: since ever
 * @param validUntil the first moment at which it does not count any more; null: for ever
 * @param login      whether it decides who logs in
 * @param sudo       null if it says nothing of that
 * @param usn        change number, as of directory entries
 */
public record Policy(int id, String name, int priority, Effect effect, @Nullable Instant validFrom, @Nullable Instant validUntil, boolean login,
                     @Nullable Sudo sudo, Subjects targets, Destinations destinations, UUID entryUuid, long usn, Instant createdAt, Instant updatedAt) {

    /** The one that loses to all others. */
    public static final int LAST_PRIORITY = 1_000_000;

    /** In which the first to include somebody decides. */
    static final Comparator<Policy> ORDER = Comparator.comparingInt(Policy::priority).thenComparing(Policy::effect).thenComparing(Policy::name);

    boolean isValid(Instant now) {
        return (validFrom == null || !now.isBefore(validFrom)) && (validUntil == null || now.isBefore(validUntil));
    }
}
