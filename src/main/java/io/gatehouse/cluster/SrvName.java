package io.gatehouse.cluster;

import io.gatehouse.platform.Problem;
import java.util.Locale;
import java.util.regex.Pattern;

/** Service and protocol of an SRV record (RFC 2782), below the domain of the site. */
record SrvName(String text) {

    static final String RULE = "A service and a protocol are needed, such as _ldap._tcp; the protocol is _tcp, _udp, _sctp, _dccp or _tls.";

    private static final Pattern FORM = Pattern.compile("_[A-Za-z0-9]([A-Za-z0-9-]{0,60}[A-Za-z0-9])?\\._(?i:tcp|udp|sctp|dccp|tls)");

    /**
     * In lower case.
     *
     * @throws Problem if it is none
     */
    static SrvName parse(String field, String text) {
        if (!FORM.matcher(text).matches()) {
            throw Problem.invalid(field, text, RULE);
        }
        return new SrvName(text.toLowerCase(Locale.ROOT));
    }

    @Override
    public String toString() {
        return text;
    }
}
