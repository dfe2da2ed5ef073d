package io.gatehouse.gateway;

import java.util.ArrayList;
import java.util.List;

/** Reads nginx's configuration as nginx itself does ({@code ngx_conf_read_token}). */
final class NginxReader {

    private final String text;
    private final List<Directive> directives = new ArrayList<>();
    private List<String> words = new ArrayList<>();
    private int depth;
    private int at;

    /** @param words its name and its arguments; a block's end is a directive of its own, <code>}</code> */
    record Directive(int depth, List<String> words) {
    }

    private NginxReader(String text) {
        this.text = text;
    }

    static List<Directive> directives(String text) {
        var reader = new NginxReader(text);
        reader.read();
        return reader.directives;
    }

    private void read() {
        while (at < text.length()) {
            char c = text.charAt(at);
            if (" \t\r\n".indexOf(c) >= 0) {
                at++;
            } else if (c == '#') {
                at = text.indexOf('\n', at) < 0 ? text.length() : text.indexOf('\n', at);
            } else if (c == ';' || c == '{') {
                end();
                depth += c == '{' ? 1 : 0;
                at++;
            } else if (c == '}') {
                depth--;
                words.add("}");
                end();
                at++;
            } else {
                words.add(c == '"' || c == '\'' ? quoted(c) : bare());
            }
        }
        if (depth != 0 || !words.isEmpty()) {
            throw new IllegalArgumentException("unexpected end");
        }
    }

    private void end() {
        if (words.isEmpty()) {
            throw new IllegalArgumentException("no words at " + at);
        }
        directives.add(new Directive(depth, List.copyOf(words)));
        words = new ArrayList<>();
    }

    private String quoted(char quote) {
        var word = new StringBuilder();
        for (at++; text.charAt(at) != quote; at++) {
            word.append(text.charAt(at) == '\\' ? escaped() : text.charAt(at));
        }
        at++;
        if (" \t\r\n;{)".indexOf(text.charAt(at)) < 0) {
            throw new IllegalArgumentException("unexpected \"" + text.charAt(at) + "\"");
        }
        return word.toString();
    }

    private String escaped() {
        at++;
        return switch (text.charAt(at)) {
            case '"' -> "\"";
            case '\'' -> "'";
            case '\\' -> "\\";
            case 't' -> "\t";
            case 'r' -> "\r";
            case 'n' -> "\n";
            default -> "\\" + text.charAt(at);
        };
    }

    private String bare() {
        var word = new StringBuilder();
        for (; " \t\r\n;{".indexOf(text.charAt(at)) < 0; at++) {
            boolean variable = text.charAt(at) == '$' && text.charAt(at + 1) == '{';
            word.append(text.charAt(at) == '\\' ? escaped() : text.charAt(at));
            if (variable) {
                word.append(text.charAt(++at));
            }
        }
        return word.toString();
    }
}
