package io.gatehouse.api;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/** Who may call what, as docs/http-api.md tells. */
final class RoleTable {

    private static final Pattern ROW = Pattern.compile("^\\| `([A-Z]+ /[^`]*)` \\| ([a-z]+) \\| (?:`([a-z:-]+)`|-) \\|", Pattern.MULTILINE);

    /** The words of the table. */
    enum Who {
        EVERYBODY, USER, READER, SELF, OWNER, COLLABORATOR, OWN, ADMINISTRATOR, SITE, AGENT
    }

    /**
     * @param call  method and path
     * @param scope what an API key needs; empty if none will do
     */
    record Row(String call, Who who, Optional<String> scope) {
    }

    private RoleTable() {
    }

    static List<Row> read() {
        try {
            var rows = ROW.matcher(Files.readString(Path.of("docs/http-api.md"))).results()
                    .map(row -> new Row(row.group(1), Who.valueOf(row.group(2).toUpperCase()), Optional.ofNullable(row.group(3)))).toList();
            assertThat(rows).isNotEmpty();
            return rows;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
