package io.gatehouse.transfer;

import java.io.IOException;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVParser;
import org.apache.commons.csv.CSVRecord;

/** CSV (RFC 4180) of people, whose first row names the columns. */
final class CsvFile {

    private static final String USERNAME = "username";
    private static final Set<String> NUMBERS = Set.of("uidNumber", "gidNumber");
    private static final Set<String> TEXTS = Set.of("givenName", "sn", "cn", "mail", "gecos", "homeDirectory", "loginShell",
            "passwordHash", "status");
    private static final String CHANGE_REQUIRED = "passwordChangeRequired";
    private static final String KEYS = "sshPublicKeys";
    private static final String GROUPS = "groups";
    private static final CSVFormat FORMAT = CSVFormat.RFC4180.builder().setIgnoreEmptyLines(true).setTrim(true).get();

    private final Path file;
    private final CSVParser parser;
    private final Iterator<CSVRecord> rows;
    private final Newcomers newcomers;

    private CsvFile(Path file, CSVParser parser, Newcomers newcomers) {
        this.file = file;
        this.parser = parser;
        this.newcomers = newcomers;
        rows = parser.iterator();
    }

    static boolean isOne(String line) {
        return Stream.of(line.split(",")).anyMatch(column -> column.replaceAll("[\"\\s]", "").equals(USERNAME));
    }

    static void read(Path file, Newcomers newcomers) throws IOException {
        var text = Files.readString(file, StandardCharsets.UTF_8).replaceFirst("^\\x{feff}", "");
        try (var parser = FORMAT.parse(new StringReader(text))) {
            new CsvFile(file, parser, newcomers).read();
        }
    }

    private void read() {
        long line = 1;
        try {
            var columns = columns();
            line = parser.getCurrentLineNumber() + 1;
            while (rows.hasNext()) {
                tell(rows.next().toList(), columns, line);
                line = parser.getCurrentLineNumber() + 1;
            }
        } catch (UncheckedIOException e) {
            newcomers.refuse("line:" + line, "The row that begins here is no CSV (RFC 4180): a field in quotes does not end, or goes on behind them."
                    + " A quote within is written twice.");
        }
    }

    private List<String> columns() {
        var columns = rows.hasNext() ? rows.next().toList() : List.<String>of();
        var known = new HashSet<String>();
        for (var column : columns) {
            if (!column.equals(USERNAME) && !NUMBERS.contains(column) && !TEXTS.contains(column) && !Set.of(CHANGE_REQUIRED, KEYS, GROUPS).contains(column)) {
                throw new Refused(file + " has a column '" + column + "', which is none of " + USERNAME + ", " + String.join(", ",
                        Stream.concat(NUMBERS.stream(), TEXTS.stream()).sorted().toList())
                        + ", " + CHANGE_REQUIRED + " (true or false), " + KEYS + " (one a line) and " + GROUPS + " (separated by blanks).");
            }
            if (!known.add(column)) {
                throw new Refused(file + " has two columns '" + column + "'.");
            }
        }
        if (!known.contains(USERNAME)) {
            throw new Refused(file + " has no column " + USERNAME + ".");
        }
        return columns;
    }

    private void tell(List<String> row, List<String> columns, long line) {
        if (row.size() != columns.size()) {
            newcomers.refuse("line:" + line, "It has " + row.size() + (row.size() == 1 ? " field" : " fields") + " instead of " + columns.size() + ".");
            return;
        }
        var username = row.get(columns.indexOf(USERNAME));
        var newcomer = newcomers.user(username);
        for (int i = 0; i < row.size(); i++) {
            var column = columns.get(i);
            var value = row.get(i);
            switch (column) {
                case USERNAME -> { }
                case CHANGE_REQUIRED -> newcomer.flag(column, value);
                case KEYS -> newcomer.texts(column, value.lines().map(String::strip).filter(key -> !key.isEmpty()).toList());
                case GROUPS -> Stream.of(value.split("[\\s;]+")).filter(cn -> !cn.isEmpty()).forEach(cn -> newcomers.member(cn, username));
                default -> {
                    if (NUMBERS.contains(column)) {
                        newcomer.number(column, value);
                    } else {
                        newcomer.text(column, value);
                    }
                }
            }
        }
    }
}
