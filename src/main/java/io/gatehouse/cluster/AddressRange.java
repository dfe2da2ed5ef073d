package io.gatehouse.cluster;

import io.gatehouse.platform.Problem;

/** Addresses from the first to the last, both of them included; in the database an {@code inetrange}. */
record AddressRange(IpAddress first, IpAddress last) {

    static final String RULE = "A first and a last IPv4 address with a hyphen between are needed, such as 10.20.0.100-10.20.0.199.";

    /** @throws Problem unless it is two addresses in their order, with a hyphen or a comma between */
    static AddressRange parse(String field, String text) {
        var ends = text.split("[-,]", -1);
        if (ends.length != 2) {
            throw Problem.invalid(field, text, RULE);
        }
        var range = new AddressRange(IpAddress.parse(field, ends[0].strip()), IpAddress.parse(field, ends[1].strip()));
        if (range.first.compareTo(range.last) > 0) {
            throw Problem.invalid(field, text, RULE);
        }
        return range;
    }

    boolean contains(IpAddress address) {
        return first.compareTo(address) <= 0 && address.compareTo(last) <= 0;
    }

    /** As PostgreSQL writes it. */
    String sql() {
        return "[" + first + "," + last + "]";
    }

    @Override
    public String toString() {
        return first + "-" + last;
    }
}
