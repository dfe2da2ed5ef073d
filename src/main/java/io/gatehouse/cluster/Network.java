package io.gatehouse.cluster;

import java.math.BigInteger;

/** The network that an address is in. */
record Network(IpAddress member, Netmask mask) {

    /** Whether a machine in it may have the address: it is neither the network's own nor that for broadcasts. */
    boolean hosts(IpAddress address) {
        if (address.isIpv4() != member.isIpv4() || !mask.network(address).equals(mask.network(member))) {
            return false;
        }
        int hostBits = address.bytes().length * Byte.SIZE - mask.prefixLength();
        var last = BigInteger.ONE.shiftLeft(hostBits).subtract(BigInteger.ONE);
        var host = new BigInteger(1, address.bytes()).and(last);
        return host.signum() != 0 && !(address.isIpv4() && host.equals(last));
    }
}
