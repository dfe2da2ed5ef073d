package io.gatehouse.cluster;

import io.gatehouse.platform.Problem;
import java.util.Locale;
import java.util.regex.Pattern;

/** A domain's name, in lower case and without a dot at its end. */
record DnsName(String text) {

    static final String RULE = "A domain name is needed: labels of 1 to 63 letters, digits and hyphens with dots between, at most 253 "
            + "characters, the last label not of digits alone.";

    static final String PUBLIC_RULE = "A domain name of at least two labels is needed, such as example.org.";

    private static final int LONGEST = 253;
    private static final String LABEL = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";
    private static final Pattern FORM = Pattern.compile("(?:" + LABEL + "\\.)*(?![0-9]+$)" + LABEL);

    /** @throws Problem if it is none */
    static DnsName parse(String field, String text) {
        // Before the search of a pattern in a text of any length, and before letters change: some others become a to z.
        if (text.length() > LONGEST || !text.chars().allMatch(c -> c < 0x80)) {
            throw Problem.invalid(field, text, RULE);
        }
        var name = text.toLowerCase(Locale.ROOT);
        if (!FORM.matcher(name).matches()) {
            throw Problem.invalid(field, text, RULE);
        }
        return new DnsName(name);
    }

    /** @throws Problem if it is none, or of one label only */
    static DnsName parsePublic(String field, String text) {
        var name = parse(field, text);
        if (name.text.indexOf('.') < 0) {
            throw Problem.invalid(field, text, PUBLIC_RULE);
        }
        return name;
    }

    @Override
    public String toString() {
        return text;
    }
}
