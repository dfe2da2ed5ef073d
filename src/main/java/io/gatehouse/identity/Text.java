package io.gatehouse.identity;

import io.gatehouse.platform.Problem;
import io.micronaut.core.annotation.Nullable;
import java.util.regex.Pattern;

/** Rules for text in requests. */
final class Text {

    /** Nothing that breaks a line or a terminal, no half of a surrogate pair, and not blanks alone. */
    static final String LINE = "(?=.*\\S)[^\\p{Cntrl}\\p{Cs}\\x{85}\\x{2028}\\x{2029}]";

    private static final int LONGEST_REMARK = 1024;
    private static final Pattern REMARK = Pattern.compile(LINE + "{1," + LONGEST_REMARK + "}");

    private Text() {
    }

    /** @throws Problem if it is missing */
    static String required(String field, @Nullable String value) {
        if (value == null) {
            throw Problem.invalidSecret(field, "A value is needed.");
        }
        return value;
    }

    /** @throws Problem if it is not some words on one line */
    static void checkRemark(String field, @Nullable String value) {
        if (value != null && !REMARK.matcher(value).matches()) {
            throw Problem.invalid(field, value, "1 to " + LONGEST_REMARK + " characters on one line are needed.");
        }
    }
}
