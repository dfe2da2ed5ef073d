package io.gatehouse.platform;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.regex.Pattern;

/**
 * Addresses that begin with the same bits.
 *
 * @param address the first of them
 * @param prefix  how many bits; all of them for a single address
 */
public record Network(InetAddress address, int prefix) {

    /** Four decimal numbers: shorter and octal forms mean one address here and another one there (RFC 6943 section 3.1.1). */
    private static final Pattern IPV4 = Pattern.compile("(0|[1-9]\\d{0,2})(\\.(0|[1-9]\\d{0,2})){3}");
    private static final Pattern IPV6 = Pattern.compile("[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");
    private static final Pattern PREFIX = Pattern.compile("0|[1-9]\\d{0,2}");
    private static final int LONGEST = 45;

    public Network {
        int bits = address.getAddress().length * Byte.SIZE;
        if (prefix < 0 || prefix > bits) {
            throw new IllegalArgumentException("The prefix of an address of " + bits + " bits is 0 to " + bits + " bits long.");
        }
        if (!Arrays.equals(masked(address.getAddress(), prefix), address.getAddress())) {
            throw new IllegalArgumentException("The bits behind the prefix must be zero.");
        }
    }

    /**
     * @param text {@code 10.0.0.0/8}, {@code fd00::/8}, or an address alone
     * @throws IllegalArgumentException if it is none of them; its message tells why
     */
    public static Network parse(String text) {
        int slash = text.indexOf('/');
        var address = address(slash < 0 ? text : text.substring(0, slash));
        if (slash < 0) {
            return new Network(address, address.getAddress().length * Byte.SIZE);
        }
        var prefix = text.substring(slash + 1);
        if (!PREFIX.matcher(prefix).matches()) {
            throw new IllegalArgumentException("The length of the prefix is not a number.");
        }
        return new Network(address, Integer.parseInt(prefix));
    }

    /**
     * @param text an IPv4 or IPv6 address in figures, without a zone
     * @throws IllegalArgumentException if it is none
     */
    public static InetAddress address(String text) {
        if (text.length() <= LONGEST && (IPV4.matcher(text).matches() || IPV6.matcher(text).matches())) {
            try {
                return InetAddress.ofLiteral(text);
            } catch (IllegalArgumentException notAnAddress) {
                // told below
            }
        }
        throw new IllegalArgumentException("This is neither an address nor a network, such as 192.0.2.7 or 10.0.0.0/8.");
    }

    public boolean contains(InetAddress candidate) {
        var bytes = candidate.getAddress();
        return bytes.length == address.getAddress().length && Arrays.equals(masked(bytes, prefix), address.getAddress());
    }

    private static byte[] masked(byte[] bytes, int prefix) {
        var masked = new byte[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            int kept = Math.clamp(prefix - i * Byte.SIZE, 0, Byte.SIZE);
            masked[i] = (byte) (bytes[i] & 0xff << Byte.SIZE - kept);
        }
        return masked;
    }

    /** As {@link #parse} takes it. */
    @Override
    public String toString() {
        return address.getHostAddress() + "/" + prefix;
    }
}
