package io.gatehouse.transfer;

import com.unboundid.util.json.JSONObject;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** {@code ./gatehouse import}: brings the people and groups of files into a running server, all of them or none. */
public final class ImportCommand {

    public static final String NAME = "import";

    private static final int DONE = 0;
    private static final int REFUSED = 1;
    private static final int USAGE = 2;
    private static final int FAILED = 3;

    private static final String HELP = """
            Usage: ./gatehouse import [options] FILE...

              FILE is LDIF, CSV with a header row, a folder with passwd, shadow and group, or these files one by one.
              All that it names comes in, or nothing. Each change and each refusal is told, one a line.

              --dry-run       change nothing, but tell what would be
              --new-numbers   uid and gid numbers of the files are not kept: everybody gets new ones, and ldapusers as the primary group
              --format F      ldif, passwd or csv; without it the content tells
              --url URL       of the server (GATEHOUSE_URL; http://localhost:8080)
              --token TOKEN   access token or API key of an administrator (GATEHOUSE_TOKEN, which others on the machine cannot see)
              --ca FILE       PEM file of the CA to trust for https

            Ends with 0 if everything came in or would, 1 if something was refused, 3 if it could not be tried.""";

    private ImportCommand() {
    }

    /** @return the exit code */
    public static int run(List<String> words, Map<String, String> environment, PrintStream out, PrintStream err) {
        try {
            var arguments = Arguments.parse(words, Set.of("--format"), Set.of("--dry-run", "--new-numbers", "--help"));
            if (arguments.has("--help")) {
                out.println(HELP);
                return DONE;
            }
            if (arguments.files().isEmpty()) {
                err.println(HELP);
                return USAGE;
            }
            var newcomers = read(arguments);
            try (var server = arguments.server(environment)) {
                return tell(newcomers, arguments.has("--dry-run"), server, out, err);
            }
        } catch (Refused e) {
            err.println("gatehouse: " + printable(e.getMessage()));
            return FAILED;
        } catch (CharacterCodingException e) {
            err.println("gatehouse: The file is not UTF-8.");
            return FAILED;
        } catch (IOException e) {
            err.println("gatehouse: The file cannot be read: " + printable(e.getMessage()));
            return FAILED;
        }
    }

    private static Newcomers read(Arguments arguments) throws IOException {
        var newcomers = new Newcomers(!arguments.has("--new-numbers"));
        var files = arguments.files();
        if (files.size() == 1 && Files.isDirectory(files.getFirst())) {
            var folder = files.getFirst();
            files = List.of("passwd", "shadow", "group").stream().map(folder::resolve).filter(Files::exists).toList();
            if (files.isEmpty()) {
                throw new Refused("There is no passwd, shadow or group in " + folder + ".");
            }
        }
        var format = arguments.value("--format").isPresent() ? arguments.value("--format").get() : format(files.getFirst());
        if (!format.equals("passwd") && files.size() > 1) {
            throw new Refused("One file of this format can be imported at a time.");
        }
        switch (format) {
            case "ldif" -> LdifFile.read(files.getFirst(), newcomers);
            case "csv" -> CsvFile.read(files.getFirst(), newcomers);
            case "passwd" -> PasswdFiles.read(files, newcomers);
            default -> throw new Refused("There is no format '" + format + "'; there are ldif, passwd and csv.");
        }
        return newcomers;
    }

    /** By the first line that says anything. */
    private static String format(Path file) throws IOException {
        try (var lines = Files.lines(file, StandardCharsets.ISO_8859_1)) {
            // The mark of UTF-8, as some tables begin, is three characters here.
            var first = lines.map(line -> line.replaceFirst("^\u00ef\u00bb\u00bf", "")).filter(line -> !line.isBlank() && !line.startsWith("#")).findFirst()
                    .orElseThrow(() -> new Refused(file + " is empty."));
            if (first.matches("(?i)(version|dn)::? ?.*")) {
                return "ldif";
            }
            if (CsvFile.isOne(first)) {
                return "csv";
            }
            if (PasswdFiles.isOne(first)) {
                return "passwd";
            }
            throw new Refused(file + " is neither LDIF nor CSV nor a passwd, shadow or group file; --format can tell what it is.");
        }
    }

    private static int tell(Newcomers newcomers, boolean dryRun, Server server, PrintStream out, PrintStream err) {
        boolean readAll = newcomers.refusals().isEmpty();
        // What cannot be read keeps the rest from coming in; the server still tells what it thinks of that.
        var report = server.post("/imports", newcomers.request(dryRun || !readAll));
        newcomers.leftOut().forEach(line -> out.println("leave-out " + printable(line)));
        var lines = report.getFieldAsArray("lines").stream().map(line -> text((JSONObject) line)).toList();
        lines.forEach(out::println);
        newcomers.refusals().forEach(line -> out.println("refuse " + printable(line)));
        int refusals = report.getFieldAsInteger("refusals") + newcomers.refusals().size();
        out.println(count(report.getFieldAsInteger("changes"), "change") + ", " + count(refusals, "refusal") + ": " + outcome(report, refusals));
        if (lines.stream().anyMatch(line -> line.startsWith("refuse") && line.contains("Number: "))) {
            err.println("gatehouse: --new-numbers brings them in without the numbers that they have.");
        }
        return refusals == 0 ? DONE : REFUSED;
    }

    private static String outcome(JSONObject report, int refusals) {
        if (Boolean.TRUE.equals(report.getFieldAsBoolean("applied"))) {
            return "everything has come in.";
        }
        return refusals == 0 ? "nothing was changed, for this was a dry run." : "nothing was changed, for all comes in or nothing.";
    }

    private static String count(int number, String what) {
        return number + " " + what + (number == 1 ? "" : "s");
    }

    private static String text(JSONObject line) {
        return printable((line.getFieldAsString("outcome") + " " + line.getFieldAsString("target") + " " + line.getFieldAsString("detail")).strip());
    }

    /** A file's text must not do anything to a terminal. */
    static String printable(String text) {
        return text.replaceAll("[\\p{Cntrl}\\x{80}-\\x{9f}\\x{2028}\\x{2029}]", "?");
    }
}
