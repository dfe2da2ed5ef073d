package io.gatehouse.gateway;

/**
 * One part of a line of dnsmasq's files. They have no quoting that all of them read alike, so a value is of a form that needs none.
 *
 * @param text as it stands in the file
 */
record DnsmasqValue(String text) {

    /** What separates, ends, comments or marks something in one of the files. */
    private static final String ALLOWED = "[A-Za-z0-9._:-]+";

    DnsmasqValue {
        if (text.length() > 512 || !text.matches(ALLOWED)) {
            throw new Unrenderable("has characters that mean something to dnsmasq");
        }
    }

    /** @throws Unrenderable unless it is a host name */
    static DnsmasqValue hostName(String name) {
        return new DnsmasqValue(RenderedName.hostName(name));
    }

    /** @throws Unrenderable unless it is service and protocol of an SRV record, and the domain of a host */
    static DnsmasqValue serviceName(String name, String domain) {
        return new DnsmasqValue(RenderedName.serviceName(name) + "." + RenderedName.hostName(domain));
    }

    /** @throws Unrenderable unless it is an IPv4 address, or a netmask */
    static DnsmasqValue address(String address) {
        return new DnsmasqValue(RenderedName.address(address));
    }

    /** @throws Unrenderable unless it is the MAC address of one interface */
    static DnsmasqValue macAddress(String address) {
        return new DnsmasqValue(RenderedName.macAddress(address));
    }

    /** @throws Unrenderable unless it is one */
    static DnsmasqValue port(int port) {
        return new DnsmasqValue(Integer.toString(RenderedName.port(port)));
    }

    @Override
    public String toString() {
        return text;
    }
}
