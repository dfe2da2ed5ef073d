package io.gatehouse.transfer;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;
import org.apache.commons.csv.DuplicateHeaderMode;

/** CSV (RFC 4180) of people, whose first row names the columns. */
final class CsvFile {

    private static final Set<String> NUMBERS = Set.of("uidNumber", "gidNumber");
    private static final Set<String> TEXTS = Set.of("username", "givenName", "sn", "cn", "mail", "gecos", "homeDirectory", "loginShell",
            "passwordHash", "status");
    private static final String KEYS = "sshPublicKeys";
    private static final String GROUPS = "groups";
    private static final CSVFormat FORMAT =
            CSVFormat.RFC4180.builder().setHeader().setDuplicateHeaderMode(DuplicateHeaderMode.DISALLOW).setSkipHeaderRecord(true).setIgnoreEmptyLines(true).setTrim(true).get();

    private CsvFile() {
    }

    static boolean isOne(String line) {
        return Stream.of(line.split(",")).anyMatch(column -> column.replaceAll("[\"\\s]", "").equals("username"));
    }

    static void read(Path file, Newcomers newcomers) throws IOException {
        var text = Files.readString(file, StandardCharsets.UTF_8).replaceFirst("^\\x{feff}", "");
        try (var rows = FORMAT.parse(new StringReader(text))) {
            for (var column : rows.getHeaderNames()) {
                if (!NUMBERS.contains(column) && !TEXTS.contains(column) && !column.equals(KEYS) && !column.equals(GROUPS)) {
                    throw new Refused(file + " has a column '" + column + "', which is none of username, " + String.join(", ",
                            Stream.concat(NUMBERS.stream(), TEXTS.stream()).filter(name -> !name.equals("username")).sorted().toList())
                            + ", " + KEYS + " (one a line) and " + GROUPS + " (separated by blanks).");
                }
            }
            if (!rows.getHeaderNames().contains("username")) {
                throw new Refused(file + " has no column username.");
            }
            for (var row : rows) {
                tell(row, rows, newcomers);
            }
        } catch (IllegalArgumentException | UncheckedIOException e) {
            throw new Refused(file + " is no CSV with one row of different column names at its top: " + e.getMessage(), e);
        }
    }

    private static void tell(CSVRecord row, CSVParser rows, Newcomers newcomers) {
        var columns = rows.getHeaderNames();
        if (!row.isConsistent()) {
            newcomers.refuse("line:" + rows.getCurrentLineNumber(), "It has " + row.size() + " fields instead of " + columns.size() + ".");
            return;
        }
        var username = row.get("username");
        var newcomer = newcomers.user(username);
        for (var column : columns) {
            if (NUMBERS.contains(column)) {
                newcomer.number(column, row.get(column));
            } else if (column.equals(KEYS)) {
                newcomer.texts(column, row.get(column).lines().map(String::strip).filter(line -> !line.isEmpty()).toList());
            } else if (column.equals(GROUPS)) {
                Stream.of(row.get(column).split("[\\s;]+")).filter(cn -> !cn.isEmpty()).forEach(cn -> newcomers.member(cn, username));
            } else if (!column.equals("username")) {
                newcomer.text(column, row.get(column));
            }
        }
    }
}
