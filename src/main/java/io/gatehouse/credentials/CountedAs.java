package io.gatehouse.credentials;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Locale;

/** What counters know somebody by. */
final class CountedAs {

    /** Longer than any account's name; what is beyond does not distinguish accounts. */
    private static final int MAX_NAME = 256;
    private static final int IPV6_NETWORK_BYTES = 8;

    private CountedAs() {
    }

    static String account(String name) {
        return name.substring(0, Math.min(name.length(), MAX_NAME)).toLowerCase(Locale.ROOT);
    }

    /** Of an IPv6 address its /64, which is what one host gets. */
    static String address(InetAddress address) {
        var bytes = address.getAddress();
        return HexFormat.of().formatHex(address instanceof Inet6Address ? Arrays.copyOf(bytes, IPV6_NETWORK_BYTES) : bytes);
    }
}
