package io.gatehouse.platform.observe;

import io.micronaut.core.annotation.Nullable;
import java.util.Locale;

/** Makes foreign text fit for a line of a log: short, and without characters that end lines or turn them around. */
public final class LogText {

    private LogText() {
    }

    /** @return at most {@code limit} characters of the text, and "..." if there were more; "-" for null */
    public static String of(@Nullable String text, int limit) {
        if (text == null) {
            return "-";
        }
        int end = Math.min(text.length(), limit);
        for (int i = 0; i < end; i++) {
            if (!isPlain(text.charAt(i))) {
                return escaped(text, end);
            }
        }
        return end == text.length() ? text : text.substring(0, end) + "...";
    }

    private static String escaped(String text, int end) {
        var line = new StringBuilder(end + 32);
        for (int i = 0; i < end; i++) {
            char character = text.charAt(i);
            if (isPlain(character)) {
                line.append(character);
            } else if (character == '"' || character == '\\') {
                line.append('\\').append(character);
            } else {
                line.append(String.format(Locale.ROOT, "\\u%04x", (int) character));
            }
        }
        return end == text.length() ? line.toString() : line.append("...").toString();
    }

    private static boolean isPlain(char character) {
        if (character < 0x7f) {
            return character >= ' ' && character != '"' && character != '\\';
        }
        return switch (Character.getType(character)) {
            case Character.CONTROL, Character.FORMAT, Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.SURROGATE,
                 Character.PRIVATE_USE, Character.UNASSIGNED -> false;
            default -> true;
        };
    }
}
