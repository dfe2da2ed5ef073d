package io.gatehouse.platform;

import io.micronaut.core.annotation.Nullable;
import java.time.Duration;
import java.util.List;

/**
 * A request that is refused, and why: told to HTTP clients as a problem of RFC 9457, to LDAP clients as a result code with
 * the detail as its diagnostic message. Never carries a secret.
 */
public final class Problem extends RuntimeException {

    /** What kind of refusal, with its HTTP status and the last part of its stable {@code type}. */
    public enum Kind {
        INVALID(422, "invalid-value", "A value breaks a rule"),
        MALFORMED(400, "malformed-request", "The request cannot be understood"),
        UNAUTHORIZED(401, "not-authenticated", "Authentication is needed"),
        FORBIDDEN(403, "not-allowed", "This is not allowed"),
        PASSWORD_CHANGE_REQUIRED(403, "password-change-required", "The password must be changed first"),
        SECOND_FACTOR_REQUIRED(403, "second-factor-required", "A second factor must be set up first"),
        NOT_FOUND(404, "not-found", "There is no such thing"),
        CONFLICT(409, "conflict", "The present state does not allow this"),
        PRECONDITION_FAILED(412, "precondition-failed", "The resource has changed"),
        TOO_MANY(429, "too-many-attempts", "Too many attempts"),
        UNAVAILABLE(503, "unavailable", "The database cannot be reached"),
        PUSH_REJECTED(401, "push-rejected", "The login was rejected"),
        PUSH_TIMED_OUT(401, "push-timed-out", "The login was not approved in time"),
        PUSH_NO_DEVICE(403, "push-no-device", "There is no device to approve a login with"),
        PUSH_PENDING(409, "push-pending", "Another login waits for its approval"),
        PUSH_FAILED(503, "push-failed", "Nobody can be asked to approve a login");

        private final int status;
        private final String slug;
        private final String title;

        Kind(int status, String slug, String title) {
            this.status = status;
            this.slug = slug;
            this.title = title;
        }

        public int status() {
            return status;
        }

        public String type() {
            return "urn:gatehouse:problem:" + slug;
        }

        public String title() {
            return title;
        }
    }

    private final Kind kind;
    private final transient @Nullable String field;
    private final transient @Nullable Object value;
    private final transient List<String> heldBy;
    private final transient @Nullable Duration retryAfter;

    private Problem(Kind kind, @Nullable String field, @Nullable Object value, String detail, List<String> heldBy, @Nullable Duration retryAfter) {
        super(detail, null, false, false);
        this.kind = kind;
        this.field = field;
        this.value = value;
        this.heldBy = List.copyOf(heldBy);
        this.retryAfter = retryAfter;
    }

    private Problem(Kind kind, @Nullable String field, @Nullable Object value, String detail) {
        this(kind, field, value, detail, List.of(), null);
    }

    /** @param value the offending value; never a secret */
    public static Problem invalid(String field, Object value, String rule) {
        return new Problem(Kind.INVALID, field, value, rule);
    }

    public static Problem invalidSecret(String field, String rule) {
        return new Problem(Kind.INVALID, field, null, rule);
    }

    /** @param field what the caller may not set, whatever the value */
    public static Problem forbidden(@Nullable String field, String detail) {
        return new Problem(Kind.FORBIDDEN, field, null, detail);
    }

    public static Problem notFound(String what, Object key) {
        return new Problem(Kind.NOT_FOUND, null, null, "There is no " + what + " " + key + ".");
    }

    public static Problem conflict(@Nullable String field, @Nullable Object value, String detail) {
        return new Problem(Kind.CONFLICT, field, value, detail);
    }

    /**
     * A deletion or change that others stand against.
     *
     * @param holders what they are, such as {@code node:pve1}
     */
    public static Problem held(String detail, List<String> holders) {
        return new Problem(Kind.CONFLICT, null, null, detail, holders, null);
    }

    /** @param retryAfter when it makes sense to try again */
    public static Problem tooMany(String detail, Duration retryAfter) {
        return new Problem(Kind.TOO_MANY, null, null, detail, List.of(), retryAfter);
    }

    /** @param retryAfter when it makes sense to try again */
    public static Problem of(Kind kind, String detail, Duration retryAfter) {
        return new Problem(kind, null, null, detail, List.of(), retryAfter);
    }

    public static Problem of(Kind kind, String detail) {
        return new Problem(kind, null, null, detail);
    }

    public Kind kind() {
        return kind;
    }

    /** The field that breaks the rule, as the API names it. */
    public @Nullable String field() {
        return field;
    }

    public @Nullable Object value() {
        return value;
    }

    /** What has to go or change first; empty if nothing in particular. */
    public List<String> heldBy() {
        return heldBy;
    }

    /** When it makes sense to try again; null if that is not known. */
    public @Nullable Duration retryAfter() {
        return retryAfter;
    }
}
