package io.gatehouse.ldap;

import com.unboundid.ldap.sdk.Control;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.ResultCode;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The controls of one request, checked: no critical one that the operation does not support (RFC 4511 section 4.1.11). */
final class RequestControls {

    static final String PAGED_RESULTS = "1.2.840.113556.1.4.319";
    static final String SERVER_SIDE_SORT = "1.2.840.113556.1.4.473";
    static final String MANAGE_DSA_IT = "2.16.840.1.113730.3.4.2";
    static final String ASSERTION = "1.3.6.1.1.12";
    static final String DEREFERENCE = "1.3.6.1.4.1.4203.666.5.16";
    static final String PASSWORD_POLICY = "1.3.6.1.4.1.42.2.27.8.5.1";

    static final List<String> SUPPORTED = List.of(PAGED_RESULTS, SERVER_SIDE_SORT, MANAGE_DSA_IT, ASSERTION, DEREFERENCE, PASSWORD_POLICY);

    interface Decoder<T> {
        T decode(Control control) throws LDAPException;
    }

    private final Map<String, Control> byOid;

    private RequestControls(Map<String, Control> byOid) {
        this.byOid = byOid;
    }

    static RequestControls check(List<Control> controls, Set<String> supported) {
        if (controls.isEmpty()) {
            return new RequestControls(Map.of());
        }
        var byOid = new HashMap<String, Control>();
        for (var control : controls) {
            if (!supported.contains(control.getOID())) {
                if (control.isCritical()) {
                    throw new Refusal(ResultCode.UNAVAILABLE_CRITICAL_EXTENSION,
                            "The critical control " + printable(control.getOID()) + " is not supported for this operation.");
                }
            } else if (byOid.put(control.getOID(), control) != null) {
                throw new Refusal(ResultCode.PROTOCOL_ERROR, "The control " + control.getOID() + " is there twice.");
            }
        }
        return new RequestControls(byOid);
    }

    boolean has(String oid) {
        return byOid.containsKey(oid);
    }

    boolean isCritical(String oid) {
        return byOid.containsKey(oid) && byOid.get(oid).isCritical();
    }

    /** The control, or null if the request has none of this kind. */
    <T> T get(String oid, Decoder<T> decoder) {
        var control = byOid.get(oid);
        if (control == null) {
            return null;
        }
        try {
            var value = control.getValue();
            if (value != null) {
                var bytes = value.getValue();
                var defect = BerNesting.defect(bytes, 0, bytes.length);
                if (defect != null) {
                    throw new Refusal(ResultCode.PROTOCOL_ERROR, "The value of control " + oid + " is malformed: " + defect + ".");
                }
            }
            return decoder.decode(control);
        } catch (LDAPException e) {
            throw new Refusal(ResultCode.PROTOCOL_ERROR, "The value of control " + oid + " cannot be decoded.");
        }
    }

    private static String printable(String oid) {
        return oid.length() <= 128 ? oid : oid.substring(0, 128) + "...";
    }
}
