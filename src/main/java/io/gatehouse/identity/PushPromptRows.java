package io.gatehouse.identity;

import io.gatehouse.credentials.PushAnswer;
import io.gatehouse.credentials.PushConfiguration;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import org.jdbi.v3.core.Handle;

/** The table {@code push_prompts}: who is being asked, and how often somebody was asked in vain. */
@Singleton
final class PushPromptRows {

    /** How long the approval service itself waits for an answer, and then some. */
    private static final Duration LONGEST_PROMPT = Duration.ofSeconds(30);
    private static final Duration MARGIN = Duration.ofSeconds(5);

    /**
     * Why nobody is asked.
     *
     * @param open      how long another prompt may be on the phone; not positive if none is
     * @param exhausted how long nothing is asked any more; not positive if there were not too many
     */
    record Obstacle(Duration open, Duration exhausted) {
    }

    /** What has been counted, this one included. */
    record Counted(int rejected, int unanswered) {
    }

    private final PushConfiguration configuration;
    private final long leaseSeconds;

    PushPromptRows(PushConfiguration configuration) {
        this.configuration = configuration;
        var longest = configuration.timeout().compareTo(LONGEST_PROMPT) > 0 ? configuration.timeout() : LONGEST_PROMPT;
        leaseSeconds = longest.plus(MARGIN).toSeconds();
    }

    /**
     * Takes the one prompt that a person can have.
     *
     * @return false if there is {@link #obstacle one} already, there were too many, or there is no such active user
     */
    boolean open(Handle handle, String username, UUID prompt) {
        return handle.createUpdate("""
                        insert into push_prompts as present (uid_number, prompt, open_until, counted_from)
                        select uid_number, :prompt, clock_timestamp() + make_interval(secs => :lease), clock_timestamp()
                        from users where username = :username and status = 'active'
                        on conflict (uid_number) do update set prompt = excluded.prompt, open_until = excluded.open_until,
                            counted_from = case when present.counted_from <= clock_timestamp() - make_interval(secs => :window)
                                then excluded.counted_from else present.counted_from end,
                            rejected = case when present.counted_from <= clock_timestamp() - make_interval(secs => :window)
                                then 0 else present.rejected end,
                            unanswered = case when present.counted_from <= clock_timestamp() - make_interval(secs => :window)
                                then 0 else present.unanswered end
                        where present.open_until <= clock_timestamp()
                          and (present.counted_from <= clock_timestamp() - make_interval(secs => :window)
                               or present.rejected < :maxRejected and present.unanswered < :maxUnanswered)""")
                .bind("username", username)
                .bind("prompt", prompt)
                .bind("lease", leaseSeconds)
                .bind("window", configuration.window().toSeconds())
                .bind("maxRejected", configuration.maxRejected())
                .bind("maxUnanswered", configuration.maxUnanswered())
                .execute() > 0;
    }

    Optional<Obstacle> obstacle(Handle handle, String username) {
        return handle.createQuery("""
                        select extract(epoch from open_until - clock_timestamp()) as open,
                               case when rejected >= :maxRejected or unanswered >= :maxUnanswered
                                   then extract(epoch from counted_from - clock_timestamp()) + :window else 0 end as exhausted
                        from push_prompts join users using (uid_number) where username = :username and status = 'active'""")
                .bind("username", username)
                .bind("window", configuration.window().toSeconds())
                .bind("maxRejected", configuration.maxRejected())
                .bind("maxUnanswered", configuration.maxUnanswered())
                .map((row, context) -> new Obstacle(seconds(row.getDouble("open")), seconds(row.getDouble("exhausted"))))
                .findOne();
    }

    /**
     * Notes the answer, and makes room for the next prompt if this one is over.
     *
     * @return empty if another prompt has taken its place: then the answer may be meant for that
     */
    Optional<Counted> close(Handle handle, UUID prompt, PushAnswer answer) {
        return handle.createQuery("""
                        update push_prompts set open_until = case when :over then clock_timestamp() else open_until end,
                            rejected = rejected + :rejected, unanswered = unanswered + :unanswered
                        where prompt = :prompt and open_until > clock_timestamp()
                        returning rejected, unanswered""")
                .bind("prompt", prompt)
                .bind("over", answer.over())
                .bind("rejected", answer.kind() == PushAnswer.Kind.REJECTED ? 1 : 0)
                .bind("unanswered", answer.kind() == PushAnswer.Kind.TIMED_OUT ? 1 : 0)
                .map((row, context) -> new Counted(row.getInt("rejected"), row.getInt("unanswered")))
                .findOne();
    }

    private static Duration seconds(double seconds) {
        return Duration.ofMillis(Math.round(seconds * 1_000));
    }
}
