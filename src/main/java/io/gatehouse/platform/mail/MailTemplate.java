package io.gatehouse.platform.mail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a kind of mail says: {@code mail/<name>.txt}, whose first line is the subject, and {@code mail/<name>.html}. Both have gaps such
 * as {@code {{username}}}.
 */
public final class MailTemplate {

    private static final Pattern GAP = Pattern.compile("\\{\\{([A-Za-z]+)}}");
    /** Whatever could begin a line of its own. */
    private static final Pattern BREAK = Pattern.compile("[\\p{Cntrl}\\x{85}\\x{2028}\\x{2029}]+");

    private final String name;
    private final String subject;
    private final String text;
    private final String html;

    private MailTemplate(String name, String subject, String text, String html) {
        this.name = name;
        this.subject = subject;
        this.text = text;
        this.html = html;
    }

    /** @throws IllegalStateException if there is no such template */
    public static MailTemplate named(String name) {
        var parts = resource(name + ".txt").split("\n", 3);
        return new MailTemplate(name, parts[0].replaceFirst("^Subject: ", ""), parts[2],
                resource("layout.html").replace("{{body}}", resource(name + ".html")));
    }

    public String name() {
        return name;
    }

    MailContent filledWith(Map<String, String> values) {
        return new MailContent(filled(subject, values, MailTemplate::oneLine), filled(text, values, MailTemplate::oneLine),
                filled(html, values, value -> escaped(oneLine(value))));
    }

    private String filled(String part, Map<String, String> values, UnaryOperator<String> form) {
        return GAP.matcher(part).replaceAll(gap -> {
            var value = values.get(gap.group(1));
            if (value == null) {
                throw new IllegalStateException("The mail " + name + " needs a value for " + gap.group(1));
            }
            return Matcher.quoteReplacement(form.apply(value));
        });
    }

    private static String oneLine(String value) {
        return BREAK.matcher(value).replaceAll(" ");
    }

    private static String escaped(String value) {
        return value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace("\"", "&quot;").replace("'", "&#39;");
    }

    private static String resource(String file) {
        try (var stream = MailTemplate.class.getResourceAsStream("/mail/" + file)) {
            if (stream == null) {
                throw new IllegalStateException("There is no mail/" + file);
            }
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
