package io.gatehouse.identity;

import io.gatehouse.platform.Problem;
import java.util.Optional;
import org.jdbi.v3.core.JdbiException;
import org.postgresql.util.PSQLException;
import org.postgresql.util.PSQLState;

/** What a refusal by the database means. */
final class BrokenConstraint {

    private static final String SEQUENCE_EXHAUSTED = "2200H";

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
        if (SEQUENCE_EXHAUSTED.equals(refusal.getSQLState())) {
            return Optional.of(exhausted(refusal.getMessage()));
        }
        var constraint = refusal.getServerErrorMessage() == null ? null : refusal.getServerErrorMessage().getConstraint();
        if (constraint == null) {
            return Optional.empty();
        }
        switch (constraint) {
            case "group_nesting_cycle" -> {
                return Optional.of(Groups.cycle());
            }
            case "group_nesting_of_everybody" -> {
                return Optional.of(Groups.everybody());
            }
            default -> { }
        }
        if (PSQLState.CHECK_VIOLATION.getState().equals(refusal.getSQLState())) {
            return Optional.of(Problem.of(Problem.Kind.INVALID, "A value breaks the rule " + constraint + "."));
        }
        return Optional.ofNullable(switch (constraint) {
            case "user_username_unique" -> Problem.conflict("username", null, "This user name is taken.");
            case "user_mail_unique" -> Problem.conflict("mail", null, "This mail address belongs to another account.");
            case "user_primary_group" -> Problem.conflict(null, null, "The group is the primary group of users.");
            case "policy_target_group" -> Problem.conflict(null, null, "Policies name this group.");
            case "container_owner" -> Problem.conflict(null, null, "The user owns containers. GET /api/v1/containers?username=... lists them:"
                    + " give them to somebody else, or delete them, first.");
            case "group_cn_unique" -> Problem.conflict("cn", null, "This group name is taken.");
            case "group_built_in" -> Problem.conflict(null, null, "This group is built in: it keeps its name and its role, and stays.");
            case "service_accounts_pkey" -> Problem.conflict("name", null, "There is a service account of this name already.");
            case "app_password_name_unique" -> Problem.conflict("name", null, "You have an app password of that name.");
            case "ssh_key_unique" -> Problem.conflict("publicKey", null, "This user has that key already.");
            case "user_uid_retired", "group_gid_retired" ->
                    Problem.conflict(null, null, "The next free number belonged to something deleted, and numbers are never reused; try again.");
            default -> null;
        });
    }

    private static Problem exhausted(String message) {
        return message.contains("group_gid_numbers")
                ? Problem.conflict(null, null, "All gid numbers for groups have been given out.")
                : Problem.conflict(null, null, "All uid numbers have been given out. They are never reused; GATEHOUSE_UID_MAX can be raised"
                        + " if every container maps the numbers above it.");
    }
}
