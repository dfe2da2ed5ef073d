package io.gatehouse.cluster;

import io.gatehouse.platform.Problem;
import java.math.BigInteger;
import java.util.regex.Pattern;

/** How many leading bits of its addresses a network has in common. */
record Netmask(int prefixLength) {

    static final String RULE = "A netmask is needed, from 255.0.0.0 to 255.255.255.252, such as 255.255.255.0.";

    private static final Pattern FORM = Pattern.compile("[0-9]{1,3}(\\.[0-9]{1,3}){3}");
    private static final int SHORTEST = 8;
    private static final int LONGEST = 30;

    /** @throws Problem unless it is of 8 to 30 ones, and zeros after them */
    static Netmask parse(String field, String text) {
        if (FORM.matcher(text).matches()) {
            for (int length = SHORTEST; length <= LONGEST; length++) {
                var mask = new Netmask(length);
                if (mask.toString().equals(text)) {
                    return mask;
                }
            }
        }
        throw Problem.invalid(field, text, RULE);
    }

    /** The part of an address that is the network's. */
    BigInteger network(IpAddress address) {
        var bits = new BigInteger(1, address.bytes());
        int hostBits = address.bytes().length * Byte.SIZE - prefixLength;
        return bits.shiftRight(hostBits);
    }

    @Override
    public String toString() {
        int bits = -1 << (Integer.SIZE - prefixLength);
        return "%d.%d.%d.%d".formatted(bits >>> 24, bits >>> 16 & 0xff, bits >>> 8 & 0xff, bits & 0xff);
    }
}
