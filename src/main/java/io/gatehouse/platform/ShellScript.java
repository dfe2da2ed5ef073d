package io.gatehouse.platform;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A shell script with marks such as {@code @SERVER@}, to be filled in for somebody. */
public record ShellScript(String text) {

    /** Ends every here-document in these scripts. */
    private static final String DELIMITER = "GATEHOUSE_END";
    private static final Pattern MARK = Pattern.compile("@([A-Z_]+)@");

    /** @param path of a resource */
    public static ShellScript resource(String path) {
        try (var in = ShellScript.class.getResourceAsStream(path)) {
            if (in == null) {
                throw new IllegalStateException("no resource " + path);
            }
            return new ShellScript(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Once through: what is filled in is not looked at again. A mark without a value stays. */
    public String filled(Map<String, String> values) {
        return MARK.matcher(text).replaceAll((MatchResult mark) -> Matcher.quoteReplacement(values.getOrDefault(mark.group(1), mark.group())));
    }

    /** A text as it stands in one of the scripts' here-documents. */
    public static String document(String text) {
        return ShellText.document(text, DELIMITER);
    }
}
