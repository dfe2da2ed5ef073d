package io.gatehouse.platform;

/** Text of somebody else's that is logged or shown: it must neither break a line or a terminal nor fill the disk. */
public final class Printable {

    private static final String REPLACEMENT = "\uFFFD";

    private Printable() {
    }

    /** At most {@code length} characters of it, with control and format characters and halves of pairs replaced. */
    public static String text(String text, int length) {
        var printable = text.replaceAll("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Co}\\p{Cn}\\u2028\\u2029]", REPLACEMENT);
        if (printable.length() <= length) {
            return printable;
        }
        return printable.substring(0, Character.isHighSurrogate(printable.charAt(length - 1)) ? length - 1 : length);
    }
}
