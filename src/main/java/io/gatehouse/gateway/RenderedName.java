package io.gatehouse.gateway;

import java.util.regex.Pattern;

/** The forms of names and numbers that mean the same in every file: neither blank, quotation mark nor separator is in them. */
final class RenderedName {

    private static final int LONGEST_NAME = 253;
    private static final int HIGHEST_PORT = 65_535;
    private static final String LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?";
    private static final Pattern HOST_NAME = Pattern.compile("(?:" + LABEL + "\\.)*" + LABEL);
    private static final Pattern SERVICE_NAME = Pattern.compile("_" + LABEL + "\\._[A-Za-z]{1,8}");
    private static final String OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])";
    private static final Pattern ADDRESS = Pattern.compile("(?:" + OCTET + "\\.){3}" + OCTET);
    private static final Pattern MAC_ADDRESS = Pattern.compile("[0-9a-fA-F]{2}(?::[0-9a-fA-F]{2}){5}");

    private static final Pattern WEB_ADDRESS = Pattern.compile("https?://(?:(?:" + LABEL + "\\.)*" + LABEL + "|\\[[0-9A-Fa-f:.]+\\])(?::[0-9]{1,5})?"
            + "(?:/[A-Za-z0-9._~!&'()*+,;=:@%/-]*)?");
    private static final Pattern FINGERPRINT = Pattern.compile("[0-9a-f]{64}");

    private RenderedName() {
    }

    /** RFC 1123 section 2.1. */
    static String hostName(String name) {
        if (name.length() > LONGEST_NAME) {
            throw new Unrenderable("is no host name: longer than " + LONGEST_NAME + " characters");
        }
        return checked(HOST_NAME, name, "host name");
    }

    /** RFC 2782: service and protocol. */
    static String serviceName(String name) {
        return checked(SERVICE_NAME, name, "name of an SRV record");
    }

    static String address(String address) {
        return checked(ADDRESS, address, "IPv4 address");
    }

    static String macAddress(String address) {
        return checked(MAC_ADDRESS, address, "MAC address");
    }

    /** Of HTTP or HTTPS, without user, query and fragment. */
    static String webAddress(String address) {
        return checked(WEB_ADDRESS, address, "address of HTTP or HTTPS");
    }

    /** SHA-256, in hexadecimal. */
    static String fingerprint(String fingerprint) {
        return checked(FINGERPRINT, fingerprint, "fingerprint");
    }

    static int port(int port) {
        if (port < 1 || port > HIGHEST_PORT) {
            throw new Unrenderable("is no port: " + port);
        }
        return port;
    }

    private static String checked(Pattern form, String text, String what) {
        if (!form.matcher(text).matches()) {
            throw new Unrenderable("is no " + what);
        }
        return text;
    }
}
