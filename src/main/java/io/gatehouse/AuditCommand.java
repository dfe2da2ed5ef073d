package io.gatehouse;

import io.gatehouse.audit.ChainVerification;
import io.gatehouse.audit.ChainVerification.Verdict;
import io.gatehouse.platform.DatabaseVisit;
import io.gatehouse.platform.StartupFailure;
import io.micronaut.context.ApplicationContext;
import java.sql.SQLException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/** {@code ./gatehouse audit verify}: proves that the event log is whole, or names the first thing that is wrong with it. */
final class AuditCommand {

    static final String NAME = "audit";

    /** How it ends. */
    private static final int WHOLE = 0;
    private static final int BROKEN = 1;
    private static final int USAGE = 2;
    private static final int UNREADABLE = 3;

    private static final String HELP = """
            Usage: ./gatehouse audit verify [--head HASH]

              Follows the chain of the audit log, in the database that the server's settings name, whether the server runs or not.
              --head HASH   also look for this hash, which the server's log or an earlier verification told as the head

            Ends with 0 if the chain is whole, 1 if it is not, 3 if it cannot be read.""";

    private static final Pattern HASH = Pattern.compile("[0-9a-fA-F]{64}");
    private static final String NO_SUCH_TABLE = "42P01";

    private AuditCommand() {
    }

    /** @return the exit code */
    static int run(List<String> arguments) {
        boolean withHead = arguments.size() == 3 && arguments.get(1).equals("--head") && HASH.matcher(arguments.get(2)).matches();
        if (arguments.isEmpty() || !arguments.getFirst().equals("verify") || arguments.size() > 1 && !withHead) {
            System.err.println(HELP);
            return USAGE;
        }
        var noted = withHead ? arguments.get(2).toLowerCase(Locale.ROOT) : null;
        // The settings alone: a whole context would make parts of the server.
        try (var settings = ApplicationContext.builder().deduceEnvironment(false).banner(false).build().getEnvironment().start();
             var visit = new DatabaseVisit(settings);
             var connection = visit.connect()) {
            return tell(ChainVerification.verify(connection, noted), noted);
        } catch (StartupFailure e) {
            System.err.println("gatehouse: " + e.getMessage());
        } catch (SQLException e) {
            System.err.println("gatehouse: " + (NO_SUCH_TABLE.equals(e.getSQLState())
                    ? "This database has no chain yet; it gets one when the server is started."
                    : "The audit log cannot be read (" + e.getMessage() + ")."));
        }
        return UNREADABLE;
    }

    private static int tell(Verdict verdict, String noted) {
        return switch (verdict) {
            case Verdict.Whole whole -> {
                System.out.println(text(whole));
                yield WHOLE;
            }
            case Verdict.Broken broken -> {
                System.out.println("The chain is broken at position " + broken.position()
                        + (broken.event() == null ? "" : ", event " + broken.event()) + ": " + broken.what() + ".");
                yield BROKEN;
            }
            case Verdict.Cut(var rest) -> {
                System.out.println("The noted head " + noted + " is not in the chain: its end was cut off since, or retention has removed that event. "
                        + "What is there: " + text(rest));
                yield BROKEN;
            }
        };
    }

    private static String text(Verdict.Whole whole) {
        return "The chain is whole: " + whole.events() + (whole.events() == 1 ? " event, " : " events, ")
                + (whole.first() == null ? "" : "from " + whole.first() + " to " + whole.last() + ", ") + "head " + whole.head()
                + (whole.removed() == 0 ? "" : "; " + whole.removed() + " older ones were removed by retention");
    }
}
