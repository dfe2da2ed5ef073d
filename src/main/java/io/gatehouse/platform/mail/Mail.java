package io.gatehouse.platform.mail;

import java.time.Duration;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * Something to tell somebody.
 *
 * @param recipient one address, such as {@code grace@example.org}
 * @param values    what the template's gaps are filled with; may be secret
 * @param usefulFor when it has not been sent by then, there is no point in it any more
 */
public record Mail(String recipient, MailTemplate template, Map<String, String> values, Duration usefulFor) {

    /** The local part as an RFC 5322 dot-atom, more or less; nothing that has a meaning in a header. */
    private static final Pattern ADDRESS = Pattern.compile("[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]+(\\.[A-Za-z0-9-]+)*");
    private static final int LONGEST_ADDRESS = 254;

    public Mail {
        if (!isAddress(recipient)) {
            throw new IllegalArgumentException("This is no mail address");
        }
        values = Map.copyOf(values);
    }

    static boolean isAddress(String text) {
        return text.length() <= LONGEST_ADDRESS && ADDRESS.matcher(text).matches();
    }

    /** Without the values. */
    @Override
    public String toString() {
        return "Mail[" + template.name() + "]";
    }
}
