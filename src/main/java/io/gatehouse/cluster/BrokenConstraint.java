package io.gatehouse.cluster;

import io.gatehouse.platform.Problem;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jdbi.v3.core.JdbiException;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;

/** What a refusal by the database means. */
final class BrokenConstraint {

    private static final Map<String, Rule> RULES =
            Stream.<Rule[]>of(LayoutRule.values(), WorkloadRule.values()).flatMap(Stream::of).collect(Collectors.toUnmodifiableMap(Rule::constraint, Function.identity()));

    private BrokenConstraint() {
    }

    /** Empty if the failure is none of a rule, but of something else. */
    static Optional<Problem> problem(JdbiException failure) {
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            if (cause instanceof PSQLException refusal) {
                return problem(refusal);
            }
        }
        return Optional.empty();
    }

    private static Optional<Problem> problem(PSQLException refusal) {
        var constraint = refusal.getServerErrorMessage() == null ? null : refusal.getServerErrorMessage().getConstraint();
        if (constraint == null) {
            return Optional.empty();
        }
        if (RULES.containsKey(constraint)) {
            return Optional.of(RULES.get(constraint).broken());
        }
        return PSQLState.CHECK_VIOLATION.getState().equals(refusal.getSQLState())
                ? Optional.of(Problem.of(Problem.Kind.INVALID, "A value breaks the rule " + constraint + "."))
                : Optional.empty();
    }
}
