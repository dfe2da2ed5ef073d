package io.gatehouse.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** What the README promises. */
final class Readme {

    private static final Pattern STEP = Pattern.compile("<!-- tour: ([^>]+) -->\n```sh\n(.*?)```\n", Pattern.DOTALL);
    private static final Pattern ROW = Pattern.compile("^\\| (`[A-Z].*)$", Pattern.MULTILINE);

    private final String text;

    private Readme(String text) {
        this.text = text;
    }

    static Readme read() {
        try {
            return new Readme(Files.readString(Path.of("README.md")));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The commands of the tour's steps with these names. */
    String tour(String... steps) {
        var script = new StringBuilder();
        for (var step : steps) {
            var found = STEP.matcher(text).results().filter(match -> match.group(1).equals(step)).map(match -> match.group(2)).toList();
            assertThat(found).as("steps of the tour named " + step).hasSize(1);
            script.append(found.getFirst());
        }
        return script.toString();
    }

    /** The rows of the table of settings, as they are written. */
    List<String> settings() {
        return ROW.matcher(text).results().map(match -> match.group(1)).toList();
    }

    /** The names in that table. */
    Stream<String> settingNames() {
        return settings().stream().flatMap(row -> Pattern.compile("`([A-Z][A-Z0-9_]+)`").matcher(row.substring(0, row.indexOf('|'))).results())
                .map(match -> match.group(1));
    }
}
