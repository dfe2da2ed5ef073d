package io.gatehouse.ldap;

import com.unboundid.ldap.sdk.Control;
import com.unboundid.ldap.sdk.ResultCode;
import io.gatehouse.platform.Problem;
import io.gatehouse.platform.Unavailable;

/** An operation that ends with another result than the hoped-for one. */
final class Refusal extends RuntimeException {

    private final transient Answer answer;

    private Refusal(Answer answer) {
        super(answer.diagnostic(), null, false, false);
        this.answer = answer;
    }

    Refusal(ResultCode code, String diagnostic) {
        this(Answer.of(code, diagnostic));
    }

    static Refusal of(Answer answer) {
        return new Refusal(answer);
    }

    static Refusal of(Problem problem) {
        var code = switch (problem.kind()) {
            case INVALID, CONFLICT -> ResultCode.CONSTRAINT_VIOLATION;
            case MALFORMED -> ResultCode.PROTOCOL_ERROR;
            case UNAUTHORIZED, FORBIDDEN, PASSWORD_CHANGE_REQUIRED, SECOND_FACTOR_REQUIRED -> ResultCode.INSUFFICIENT_ACCESS_RIGHTS;
            case NOT_FOUND -> ResultCode.NO_SUCH_OBJECT;
            case PRECONDITION_FAILED -> ResultCode.ASSERTION_FAILED;
            case TOO_MANY -> ResultCode.UNWILLING_TO_PERFORM;
            case UNAVAILABLE, PUSH_FAILED -> ResultCode.UNAVAILABLE;
            case PUSH_REJECTED, PUSH_TIMED_OUT, PUSH_NO_DEVICE -> ResultCode.INVALID_CREDENTIALS;
            case PUSH_PENDING -> ResultCode.BUSY;
        };
        return new Refusal(code, problem.getMessage());
    }

    static Refusal of(Unavailable unavailable) {
        return new Refusal(ResultCode.UNAVAILABLE, unavailable.getMessage());
    }

    Refusal with(Control control) {
        return new Refusal(answer.with(control));
    }

    Answer answer() {
        return answer;
    }
}
