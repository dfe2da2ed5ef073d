package io.gatehouse.cluster;

import io.gatehouse.platform.Problem;
import io.micronaut.core.annotation.Nullable;
import java.util.regex.Pattern;

/** Rules for text in requests. */
public final class Text {

    static final String NAME_RULE = "1 to 255 printable characters on one line are needed, the first and the last no blank.";
    static final String MAIL_RULE = "A mail address is needed, such as somebody@example.org.";
    static final String WORD_RULE = "1 to 255 visible ASCII characters are needed, and no blank.";
    static final String STORAGE_RULE = "2 to 100 letters, digits, hyphens, dots and underscores are needed, the first a letter, the last a letter or digit.";
    static final String SECRET_RULE = "1 to 1024 characters are needed, none of them a control character.";

    private static final int LONGEST_NAME = 255;
    private static final int LONGEST_REMARK = 1024;
    private static final int LONGEST_MAIL = 254;
    private static final int LONGEST_SECRET = 1024;

    /** No control characters, no line ends, nothing that turns the direction of writing, no half of a surrogate pair. */
    private static final Pattern PRINTABLE = Pattern.compile(
            "(?U)(?!\\s)[^\\p{Cc}\\p{Cs}\\x{200e}\\x{200f}\\x{2028}-\\x{202e}\\x{2066}-\\x{2069}\\x{feff}]+(?<!\\s)");
    private static final Pattern MAIL = Pattern.compile("[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(\\.[A-Za-z0-9-]{1,63})+");
    private static final Pattern WORD = Pattern.compile("[!-~]{1,255}");
    private static final Pattern STORAGE = Pattern.compile("[A-Za-z][A-Za-z0-9._-]{0,98}[A-Za-z0-9]");
    private static final Pattern SECRET = Pattern.compile("[^\\p{Cc}\\p{Cs}]+");

    private Text() {
    }

    /** @throws Problem if it is missing */
    public static <T> T required(String field, @Nullable T value) {
        if (value == null) {
            throw Problem.invalidSecret(field, "A value is needed.");
        }
        return value;
    }

    /** @throws Problem if it is not some words on one line */
    public static String name(String field, String value) {
        return checked(field, value, isLine(value, LONGEST_NAME), NAME_RULE);
    }

    /** @throws Problem if it is not some words on one line */
    public static String remark(String field, String value) {
        return checked(field, value, isLine(value, LONGEST_REMARK),
                "1 to " + LONGEST_REMARK + " printable characters on one line are needed, the first and the last no blank.");
    }

    /** @throws Problem if it is no mail address */
    static String mail(String field, String value) {
        return checked(field, value, value.length() <= LONGEST_MAIL && MAIL.matcher(value).matches(), MAIL_RULE);
    }

    /** @throws Problem if it is not one word */
    static String word(String field, String value) {
        return checked(field, value, WORD.matcher(value).matches(), WORD_RULE);
    }

    /** @throws Problem if no storage of Proxmox VE can have that name */
    static String storage(String field, String value) {
        return checked(field, value, STORAGE.matcher(value).matches(), STORAGE_RULE);
    }

    /** @throws Problem if it is too long, or could not be typed; the value is not told */
    static String secret(String field, String value) {
        if (value.length() > LONGEST_SECRET || !SECRET.matcher(value).matches()) {
            throw Problem.invalidSecret(field, SECRET_RULE);
        }
        return value;
    }

    /** @throws Problem if it is no mail address; the value is not told */
    static String secretMail(String field, String value) {
        if (value.length() > LONGEST_MAIL || !MAIL.matcher(value).matches()) {
            throw Problem.invalidSecret(field, MAIL_RULE);
        }
        return value;
    }

    private static boolean isLine(String value, int longest) {
        return value.codePointCount(0, value.length()) <= longest && PRINTABLE.matcher(value).matches();
    }

    private static String checked(String field, String value, boolean good, String rule) {
        if (!good) {
            throw Problem.invalid(field, value, rule);
        }
        return value;
    }
}
