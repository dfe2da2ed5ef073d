package io.gatehouse.cluster;

import io.gatehouse.platform.Problem;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;

/** The DNS servers that are asked for everything else. */
record DnsForwarders(List<IpAddress> addresses) {

    static final String RULE = "1 to 8 different IPv4 addresses with commas between are needed, such as 1.1.1.1, 9.9.9.9.";

    private static final int MOST = 8;

    /** @throws Problem unless it is addresses with commas between */
    static DnsForwarders parse(String field, String text) {
        var parts = text.split(",", MOST + 1);
        if (parts.length > MOST) {
            throw Problem.invalid(field, text, RULE);
        }
        var addresses = Arrays.stream(parts).map(part -> IpAddress.parseResolver(field, part.strip())).toList();
        if (addresses.stream().distinct().count() < addresses.size()) {
            throw Problem.invalid(field, text, RULE);
        }
        return new DnsForwarders(addresses);
    }

    @Override
    public String toString() {
        return addresses.stream().map(IpAddress::toString).collect(Collectors.joining(", "));
    }
}
