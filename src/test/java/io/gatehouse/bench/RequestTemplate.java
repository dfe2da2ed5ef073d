package io.gatehouse.bench;

import com.unboundid.asn1.ASN1OctetString;
import com.unboundid.ldap.protocol.BindRequestProtocolOp;
import com.unboundid.ldap.protocol.LDAPMessage;
import com.unboundid.ldap.protocol.ProtocolOp;
import com.unboundid.ldap.protocol.SearchRequestProtocolOp;
import com.unboundid.ldap.protocol.UnbindRequestProtocolOp;
import com.unboundid.ldap.sdk.Control;
import com.unboundid.ldap.sdk.DereferencePolicy;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.SearchScope;
import com.unboundid.ldap.sdk.controls.SimplePagedResultsControl;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** An encoded request about the user {@code user000000}, in which other numbers are written over the zeros. */
final class RequestTemplate {

    static final String USERNAME = Population.username(0);
    /** What SSSD asks of a person and of a group (rfc2307 schema), repetitions included. */
    static final List<String> PERSON_ATTRIBUTES = List.of("objectClass", "uid", "userPassword", "uidNumber", "gidNumber", "gecos",
            "homeDirectory", "loginShell", "krbPrincipalName", "cn", "modifyTimestamp", "modifyTimestamp", "shadowLastChange",
            "shadowMin", "shadowMax", "shadowWarning", "shadowInactive", "shadowExpire", "shadowFlag", "krbLastPwdChange",
            "krbPasswordExpiration", "pwdAttribute", "authorizedService", "accountExpires", "userAccountControl", "nsAccountLock",
            "host", "rhost", "loginDisabled", "loginExpirationTime", "loginAllowedTimeMap", "sshPublicKey",
            "userCertificate;binary", "mail");
    static final List<String> GROUP_ATTRIBUTES = List.of("objectClass", "cn", "userPassword", "gidNumber", "memberuid",
            "modifyTimestamp", "modifyTimestamp");

    private static final int MESSAGE_ID = 1;

    private final ByteBuffer encoded;
    private final int lastDigit;
    private final int firstDigit;

    private RequestTemplate(ByteBuffer encoded, int firstDigit, int lastDigit) {
        this.encoded = encoded;
        this.firstDigit = firstDigit;
        this.lastDigit = lastDigit;
    }

    static RequestTemplate search(String base, String filter, List<String> attributes, Control... controls) {
        return about(encode(searchOperation(base, filter, attributes), controls));
    }

    static RequestTemplate bindAsUser(String password) {
        return about(encode(new BindRequestProtocolOp("uid=" + USERNAME + "," + Contender.PEOPLE, password)));
    }

    static ByteBuffer bind(Contender.Login login) {
        return encode(new BindRequestProtocolOp(login.dn(), login.password()));
    }

    static ByteBuffer unbind() {
        return encode(new UnbindRequestProtocolOp());
    }

    /** @param cookie of the page before; null for the first page */
    static ByteBuffer page(String base, String filter, List<String> attributes, int size, ASN1OctetString cookie) {
        return encode(searchOperation(base, filter, attributes), new SimplePagedResultsControl(size, cookie));
    }

    private static ProtocolOp searchOperation(String base, String filter, List<String> attributes) {
        try {
            return new SearchRequestProtocolOp(base, SearchScope.SUB, DereferencePolicy.NEVER, 0, 0, false, Filter.create(filter),
                    attributes);
        } catch (LDAPException e) {
            throw new IllegalArgumentException(e);
        }
    }

    private static ByteBuffer encode(ProtocolOp operation, Control... controls) {
        var bytes = new LDAPMessage(MESSAGE_ID, operation, controls).encode().encode();
        return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
    }

    private static RequestTemplate about(ByteBuffer encoded) {
        var bytes = new byte[encoded.limit()];
        encoded.get(0, bytes);
        var start = new String(bytes, StandardCharsets.ISO_8859_1).indexOf(USERNAME);
        return new RequestTemplate(encoded, start + USERNAME.indexOf('0'), start + USERNAME.length() - 1);
    }

    /** @return the request about that user, in a buffer that the next call changes */
    ByteBuffer about(int user) {
        var rest = user;
        for (int position = lastDigit; position >= firstDigit; position--) {
            encoded.put(position, (byte) ('0' + rest % 10));
            rest /= 10;
        }
        return encoded.rewind();
    }
}
