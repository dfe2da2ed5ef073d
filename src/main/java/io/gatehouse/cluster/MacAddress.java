package io.gatehouse.cluster;

import io.gatehouse.platform.Problem;
import java.util.HexFormat;
import java.util.Locale;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/** The address of one network interface (IEEE 802), in lower case with colons. */
record MacAddress(String text) {

    static final String RULE = "The MAC address of one interface is needed, such as 02:00:5e:10:00:01, not one of a group, nor zero.";

    private static final Pattern FORM = Pattern.compile("(?!00:00:00:00:00:00)[0-9a-f][02468ace](:[0-9a-f]{2}){5}");
    private static final int BYTES = 6;

    /**
     * Letters of both cases, and hyphens instead of colons.
     *
     * @throws Problem if it is none, or the address of a group
     */
    static MacAddress parse(String field, String text) {
        var canonical = text.replace('-', ':').toLowerCase(Locale.ROOT);
        if (!FORM.matcher(canonical).matches()) {
            throw Problem.invalid(field, text, RULE);
        }
        return new MacAddress(canonical);
    }

    /** One of those that nobody owns: locally administered (IEEE 802, section 8.2). */
    static MacAddress random(RandomGenerator random) {
        var bytes = new byte[BYTES];
        random.nextBytes(bytes);
        bytes[0] = (byte) (bytes[0] & 0xfc | 0x02);
        return new MacAddress(HexFormat.ofDelimiter(":").formatHex(bytes));
    }

    @Override
    public String toString() {
        return text;
    }
}
