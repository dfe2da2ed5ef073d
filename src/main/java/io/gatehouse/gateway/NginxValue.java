package io.gatehouse.gateway;

import java.nio.charset.StandardCharsets;

/**
 * One argument of a directive, in quotes: whatever it holds, nginx reads it as this one argument. Nothing else is put into nginx's
 * configuration but what is constant in the program.
 *
 * @param quoted as it stands in the file
 */
record NginxValue(String quoted) {

    /** In bytes. nginx refuses an argument that does not fit into its buffer of 4096. */
    static final int LONGEST = 2048;

    NginxValue {
        if (quoted.length() < 2 || quoted.charAt(0) != '"' || quoted.charAt(quoted.length() - 1) != '"'
                || endsEarly(quoted.substring(1, quoted.length() - 1))) {
            throw new Unrenderable("is not quoted for nginx");
        }
    }

    /**
     * Any text, without the control characters, and without a dollar sign, which has no escape in nginx: it begins a variable.
     *
     * @throws Unrenderable if it has one of these, or is too long
     */
    static NginxValue text(String text) {
        if (text.getBytes(StandardCharsets.UTF_8).length > LONGEST) {
            throw new Unrenderable("is longer than " + LONGEST + " bytes");
        }
        if (text.chars().anyMatch(c -> c == '$' || Character.isISOControl(c))) {
            throw new Unrenderable("has a control character or a dollar sign");
        }
        return new NginxValue('"' + text.replace("\\", "\\\\").replace("\"", "\\\"") + '"');
    }

    /** @throws Unrenderable unless it is a host name, for others are patterns to nginx */
    static NginxValue hostName(String name) {
        return text(RenderedName.hostName(name));
    }

    /** The pattern of all names below a host name. */
    static NginxValue everyNameBelow(String name) {
        return text("*." + RenderedName.hostName(name));
    }

    /** @throws Unrenderable unless it is an IPv4 address and a port of one */
    static NginxValue endpoint(String address, int port) {
        return text(RenderedName.address(address) + ":" + RenderedName.port(port));
    }

    /** The start of an address that a request goes on to. */
    static NginxValue http(String address, int port) {
        return text("http://" + RenderedName.address(address) + ":" + RenderedName.port(port));
    }

    /** @throws Unrenderable unless it is an address of HTTP or HTTPS, which is written without a slash at its end */
    static NginxValue webAddress(String address) {
        return text(RenderedName.webAddress(address).replaceFirst("/+$", ""));
    }

    /** Whether nginx would see the end of the argument before its last quotation mark. */
    private static boolean endsEarly(String inside) {
        boolean escaped = false;
        for (int i = 0; i < inside.length(); i++) {
            char c = inside.charAt(i);
            if (!escaped && c == '"') {
                return true;
            }
            escaped = !escaped && c == '\\';
        }
        return escaped;
    }

    @Override
    public String toString() {
        return quoted;
    }
}
