package io.gatehouse.platform.settings;

import io.gatehouse.platform.Problem;
import java.util.regex.Pattern;

/** Ports from the first to the last, both of them included. */
public record PortRange(int first, int last) {

    static final String RULE = "A first and a last port from 1 to 65535 with a hyphen between are needed, such as 2000-2999.";

    private static final Pattern FORM = Pattern.compile("([1-9][0-9]{0,4})-([1-9][0-9]{0,4})");
    private static final int HIGHEST = 65_535;

    /** @throws Problem unless it is two ports in their order with a hyphen between */
    static PortRange parse(String field, String text) {
        var matcher = FORM.matcher(text);
        if (matcher.matches()) {
            var range = new PortRange(Integer.parseInt(matcher.group(1)), Integer.parseInt(matcher.group(2)));
            if (range.first <= range.last && range.last <= HIGHEST) {
                return range;
            }
        }
        throw Problem.invalid(field, text, RULE);
    }

    public boolean contains(int port) {
        return first <= port && port <= last;
    }

    @Override
    public String toString() {
        return first + "-" + last;
    }
}
