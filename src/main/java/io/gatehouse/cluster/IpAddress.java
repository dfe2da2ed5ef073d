package io.gatehouse.cluster;

import io.gatehouse.platform.Problem;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.regex.Pattern;

/** The address of one machine. */
record IpAddress(InetAddress value) implements Comparable<IpAddress> {

    static final String RULE = "An IPv4 address of one machine is needed, such as 10.20.0.5; IPv6 is not supported yet.";

    /** Without leading zeros, which some readers take for octal numbers. */
    private static final Pattern IPV4 = Pattern.compile("((25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])(\\.(?!$)|$)){4}");

    /** @throws Problem unless it is one of a machine: not of loopback, multicast, nor reserved (RFC 6890) */
    static IpAddress parse(String field, String text) {
        return parse(field, text, false);
    }

    /** @throws Problem unless it is one of a machine, or of loopback */
    static IpAddress parseResolver(String field, String text) {
        return parse(field, text, true);
    }

    private static IpAddress parse(String field, String text, boolean loopback) {
        if (!IPV4.matcher(text).matches()) {
            throw Problem.invalid(field, text, RULE);
        }
        var address = InetAddress.ofLiteral(text);
        int first = Byte.toUnsignedInt(address.getAddress()[0]);
        if (first == 0 || first >= 224 || first == 127 && !loopback) {
            throw Problem.invalid(field, text, RULE);
        }
        return new IpAddress(address);
    }

    static IpAddress of(String literal) {
        return new IpAddress(InetAddress.ofLiteral(literal));
    }

    byte[] bytes() {
        return value.getAddress();
    }

    boolean isIpv4() {
        return value instanceof Inet4Address;
    }

    @Override
    public int compareTo(IpAddress other) {
        return Arrays.compareUnsigned(bytes(), other.bytes());
    }

    @Override
    public String toString() {
        return value.getHostAddress();
    }
}
