package io.gatehouse.ldap;

import com.unboundid.asn1.ASN1OctetString;
import com.unboundid.ldap.sdk.Control;
import com.unboundid.ldap.sdk.ResultCode;
import java.util.ArrayList;
import java.util.List;

/** How an operation ended (RFC 4511 section 4.1.9). */
record Answer(ResultCode code, String matchedDn, String diagnostic, List<Control> controls, String oid, ASN1OctetString value) {

    static final Answer SUCCESS = of(ResultCode.SUCCESS, null);

    static Answer of(ResultCode code, String diagnostic) {
        return new Answer(code, null, diagnostic, List.of(), null, null);
    }

    static Answer noSuchObject(String matchedDn) {
        return new Answer(ResultCode.NO_SUCH_OBJECT, matchedDn, "There is no such entry.", List.of(), null, null);
    }

    /** A successful extended operation's. */
    static Answer of(String oid, ASN1OctetString value) {
        return new Answer(ResultCode.SUCCESS, null, null, List.of(), oid, value);
    }

    Answer with(Control control) {
        var more = new ArrayList<>(controls);
        more.add(control);
        return new Answer(code, matchedDn, diagnostic, List.copyOf(more), oid, value);
    }
}
