package io.gatehouse.audit;

import io.micronaut.core.annotation.Nullable;
import io.micronaut.serde.annotation.Serdeable;
import java.time.Instant;
import java.util.Map;

/**
 * Something that happened.
 *
 * @param position  its place in the chain, growing by one in the order in which changes took effect
 * @param id        its number in the log, growing with gaps
 * @param hash      SHA-256 over the event and the hash before it, in hexadecimal digits
 * @param at        when it was recorded, to the microsecond
 * @param actor     who did it
 * @param address   where the request came from; null if it came from nowhere else
 * @param userAgent what the client calls itself; null if it does not
 * @param correlationId under which the server's log tells of the request, as its answer's X-Request-Id; null if there was none
 * @param action    what, as a dotted name such as identity.user.created
 * @param target    to whom or what, such as user:alice
 * @param outcome   success or failure
 * @param detail    more, by kind of event; changes has the fields that changed, each with its value before and after
 */
@Serdeable
public record RecordedEvent(
        long position,
        long id,
        String hash,
        Instant at,
        By actor,
        @Nullable String address,
        @Nullable String userAgent,
        @Nullable String correlationId,
        String action,
        @Nullable String target,
        String outcome,
        Map<String, Object> detail) {

    /** Where another person was is nobody's business. */
    RecordedEvent seenBy(String username) {
        return actor.type().equals("user") && !actor.name().equals(username)
                ? new RecordedEvent(position, id, hash, at, actor, null, null, correlationId, action, target, outcome, detail) : this;
    }

    /**
     * Who did something.
     *
     * @param type user, service-account, container, system or anonymous
     * @param name of the user, the service account or the container
     * @param key  the prefix of the API key that was presented; null if none was
     */
    @Serdeable
    public record By(String type, String name, @Nullable String key) {
    }
}
