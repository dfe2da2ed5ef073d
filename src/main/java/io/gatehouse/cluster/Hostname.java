package io.gatehouse.cluster;

import io.gatehouse.platform.Problem;
import java.util.Locale;
import java.util.regex.Pattern;

/** The name of one machine, without a domain (RFC 1123 section 2.1). */
record Hostname(String text) {

    static final String RULE = "1 to 63 letters, digits and hyphens are needed, the first and the last no hyphen.";

    private static final Pattern FORM = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?");

    /**
     * In lower case.
     *
     * @throws Problem if it is no label of a host name
     */
    static Hostname parse(String field, String text) {
        return new Hostname(parseAsWritten(field, text).text.toLowerCase(Locale.ROOT));
    }

    /**
     * With the letters as they are, for names that others compare.
     *
     * @throws Problem if it is no label of a host name
     */
    static Hostname parseAsWritten(String field, String text) {
        if (!FORM.matcher(text).matches()) {
            throw Problem.invalid(field, text, RULE);
        }
        return new Hostname(text);
    }

    @Override
    public String toString() {
        return text;
    }
}
