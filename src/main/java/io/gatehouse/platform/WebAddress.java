package io.gatehouse.platform;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.Locale;
import java.util.regex.Pattern;

/** Where an HTTP service answers: scheme, host, port and path. */
public record WebAddress(String text) {

    public static final String RULE = "An address of the form https://host:port/path is needed, without user, query and fragment.";
    public static final String HTTPS_RULE = "An address that begins with https:// is needed, without user, query and fragment.";

    private static final int LONGEST = 2048;
    private static final Pattern FORM = Pattern.compile(
            "(?i:https?)://([A-Za-z0-9.-]+|\\[[0-9A-Fa-f:.]+])(:[0-9]{1,5})?(/[A-Za-z0-9._~!$&'()*+,;=:@%/-]*)?");

    /** @throws Problem if it is none */
    public static WebAddress parse(String field, String text) {
        if (text.length() > LONGEST || !FORM.matcher(text).matches()) {
            throw refusal(field, text);
        }
        try {
            var uri = new URI(text);
            if (uri.getHost() == null || uri.getPort() == 0 || uri.getPort() > 65_535) {
                throw refusal(field, text);
            }
            int rest = text.indexOf("://");
            return new WebAddress(text.substring(0, rest).toLowerCase(Locale.ROOT) + text.substring(rest));
        } catch (URISyntaxException e) {
            throw refusal(field, text);
        }
    }

    /** @throws Problem if it is none, or not one of HTTPS */
    public static WebAddress parseHttps(String field, String text) {
        var address = parse(field, text);
        if (!address.text.startsWith("https:")) {
            throw Problem.invalid(field, text, HTTPS_RULE);
        }
        return address;
    }

    /** What stands before an at sign or after a question mark may be a secret. */
    private static Problem refusal(String field, String text) {
        return text.contains("@") || text.contains("?") ? Problem.invalidSecret(field, RULE) : Problem.invalid(field, text, RULE);
    }

    @Override
    public String toString() {
        return text;
    }
}
