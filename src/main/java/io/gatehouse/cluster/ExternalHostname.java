package io.gatehouse.cluster;

import io.gatehouse.platform.Problem;
import java.util.Locale;
import java.util.regex.Pattern;

/** A name below an external domain, or {@value #APEX} for the domain itself (RFC 1035 section 5.1). */
record ExternalHostname(String text) {

    static final String APEX = "@";
    static final String RULE = "One or more labels of 1 to 63 letters, digits and hyphens with dots between are needed, or @ for the domain itself.";

    private static final String LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
    private static final Pattern FORM = Pattern.compile(APEX + "|(?:" + LABEL + "\\.)*" + LABEL);
    private static final int LONGEST = 251;

    /**
     * In lower case.
     *
     * @throws Problem if it is none
     */
    static ExternalHostname parse(String field, String text) {
        if (text.length() > LONGEST || !FORM.matcher(text).matches()) {
            throw Problem.invalid(field, text, RULE);
        }
        return new ExternalHostname(text.toLowerCase(Locale.ROOT));
    }

    @Override
    public String toString() {
        return text;
    }
}
