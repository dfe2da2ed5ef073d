package io.gatehouse.transfer;

import com.unboundid.util.json.JSONField;
import com.unboundid.util.json.JSONObject;
import com.unboundid.util.json.JSONString;
import com.unboundid.util.json.JSONValue;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/** {@code ./gatehouse explain}: tells whether somebody may log in on a container, and why, as a running server says. */
public final class ExplainCommand {

    public static final String NAME = "explain";

    private static final int ALLOWED = 0;
    private static final int DENIED = 1;
    private static final int FAILED = 2;

    private static final String HELP = """
            Usage: ./gatehouse explain [options] USER CONTAINER

              Tells whether USER may log in on CONTAINER, a host name or an id, and by which rules.

              --at TIME       at another time, such as 2030-01-31T12:00:00Z
              --json          what the server answers, as it is
              --url, --token, --ca   as for import; the token may also be that of USER, or of the container's owner

            Ends with 0 if USER may log in, 1 if not, 2 if that could not be found out.""";

    private ExplainCommand() {
    }

    /** @return the exit code */
    public static int run(List<String> words, Map<String, String> environment, PrintStream out, PrintStream err) {
        try {
            var arguments = Arguments.parse(words, Set.of("--at"), Set.of("--json", "--help"));
            if (arguments.has("--help")) {
                out.println(HELP);
                return ALLOWED;
            }
            if (arguments.files().size() != 2) {
                err.println(HELP);
                return FAILED;
            }
            var question = new ArrayList<>(List.of(
                    new JSONField("user", arguments.files().getFirst().toString()), new JSONField("container", arguments.files().getLast().toString())));
            arguments.value("--at").ifPresent(time -> question.add(new JSONField("at", time)));
            try (var server = arguments.server(environment)) {
                var answer = server.post("/access/check", new JSONObject(question.toArray(JSONField[]::new)));
                if (arguments.has("--json")) {
                    out.println(answer);
                } else {
                    lines(answer).forEach(line -> out.println(ImportCommand.printable(line)));
                }
                return answer.getFieldAsString("decision").equals("allow") ? ALLOWED : DENIED;
            }
        } catch (Refused e) {
            err.println("gatehouse: " + ImportCommand.printable(e.getMessage()));
            return FAILED;
        }
    }

    private static List<String> lines(JSONObject answer) {
        var lines = new ArrayList<String>();
        var user = answer.getFieldAsString("user");
        lines.add(user + (answer.getFieldAsString("decision").equals("allow") ? " may log in on " : " may not log in on ")
                + answer.getFieldAsString("container") + ": " + name(answer.getFieldAsObject("decidedBy"), user) + ".");
        lines.add("");
        var chain = objects(answer, "chain");
        for (int i = 0; i < chain.size(); i++) {
            lines.add("  " + (i + 1) + ". " + step(chain.get(i), user));
        }
        var sudo = objects(answer, "sudo");
        if (!sudo.isEmpty()) {
            lines.add("");
            lines.add("sudo:");
            sudo.forEach(grant -> lines.add("  " + grant(grant)));
        }
        return lines;
    }

    private static String step(JSONObject step, String user) {
        var name = name(step, user);
        if (!Boolean.TRUE.equals(step.getFieldAsBoolean("includes"))) {
            return name + ": is not about " + user;
        }
        return name + ": " + step.getFieldAsString("effect") + " (" + texts(step, "subject", " < ") + "; " + texts(step, "destination", " > ") + ")";
    }

    private static String name(JSONObject step, String user) {
        return switch (step.getFieldAsString("rule")) {
            case "policy" -> policy(step);
            case "administrator" -> "administrators";
            case "owner" -> "the owner of the container";
            case "collaborator" -> "collaborators of the container";
            case "open" -> "everybody, for access_default is open";
            case "nothing-allows" -> "nothing lets " + user + " in";
            case "not-active" -> "the account is not active";
            default -> step.getFieldAsString("rule");
        };
    }

    private static String grant(JSONObject grant) {
        var runAs = texts(grant, "runAs", ", ");
        return policy(grant) + ": " + grant.getFieldAsString("effect") + " " + texts(grant, "commands", ", ") + " as " + (runAs.isEmpty() ? "root" : runAs)
                + (Boolean.TRUE.equals(grant.getFieldAsBoolean("authenticate")) ? "" : ", without a password");
    }

    private static String policy(JSONObject holder) {
        var policy = holder.getFieldAsObject("policy");
        return "policy \"" + policy.getFieldAsString("name") + "\" of priority " + policy.getFieldAsInteger("priority");
    }

    private static List<JSONObject> objects(JSONObject object, String field) {
        return object.getFieldAsArray(field).stream().map(item -> (JSONObject) item).toList();
    }

    private static String texts(JSONObject object, String field, String separator) {
        return object.getFieldAsArray(field).stream().map(ExplainCommand::text).collect(Collectors.joining(separator));
    }

    private static String text(JSONValue value) {
        return ((JSONString) value).stringValue();
    }
}
