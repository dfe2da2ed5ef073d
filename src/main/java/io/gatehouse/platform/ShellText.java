package io.gatehouse.platform;

/** Text in shell scripts. */
public final class ShellText {

    private ShellText() {
    }

    /** The text as one word, whatever is in it (POSIX.1 Shell Command Language section 2.2.2). */
    public static String quoted(String text) {
        return "'" + text.replace("'", "'\\''") + "'";
    }

    /**
     * The text for a here-document with a quoted delimiter, without white space at its end.
     *
     * @throws IllegalArgumentException if a line of it would end the document
     */
    public static String document(String text, String delimiter) {
        var document = text.stripTrailing();
        if (document.lines().anyMatch(delimiter::equals)) {
            throw new IllegalArgumentException("A line of the text is the delimiter " + delimiter + ".");
        }
        return document;
    }
}
