package io.gatehouse.ldap;

import com.unboundid.asn1.ASN1OctetString;

/** Who am I? (RFC 4532). */
final class WhoAmIOperation {

    static final String OID = "1.3.6.1.4.1.4203.1.11.3";

    private WhoAmIOperation() {
    }

    static Answer process(Session session) {
        var principal = session.principal();
        return Answer.of(null, new ASN1OctetString(principal == null ? "" : "dn:" + principal.dn()));
    }
}
