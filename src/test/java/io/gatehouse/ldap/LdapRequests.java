package io.gatehouse.ldap;

import com.unboundid.asn1.ASN1OctetString;
import com.unboundid.ldap.protocol.AbandonRequestProtocolOp;
import com.unboundid.ldap.protocol.AddRequestProtocolOp;
import com.unboundid.ldap.protocol.BindRequestProtocolOp;
import com.unboundid.ldap.protocol.CompareRequestProtocolOp;
import com.unboundid.ldap.protocol.DeleteRequestProtocolOp;
import com.unboundid.ldap.protocol.ExtendedRequestProtocolOp;
import com.unboundid.ldap.protocol.LDAPMessage;
import com.unboundid.ldap.protocol.ModifyDNRequestProtocolOp;
import com.unboundid.ldap.protocol.ModifyRequestProtocolOp;
import com.unboundid.ldap.protocol.ProtocolOp;
import com.unboundid.ldap.protocol.SearchRequestProtocolOp;
import com.unboundid.ldap.sdk.Attribute;
import com.unboundid.ldap.sdk.Control;
import com.unboundid.ldap.sdk.DereferencePolicy;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.Modification;
import com.unboundid.ldap.sdk.ModificationType;
import com.unboundid.ldap.sdk.SearchScope;
import com.unboundid.ldap.sdk.controls.AssertionRequestControl;
import com.unboundid.ldap.sdk.controls.ManageDsaITRequestControl;
import com.unboundid.ldap.sdk.controls.ServerSideSortRequestControl;
import com.unboundid.ldap.sdk.controls.SimplePagedResultsControl;
import com.unboundid.ldap.sdk.controls.SortKey;
import com.unboundid.ldap.sdk.extensions.PasswordModifyExtendedRequest;
import java.util.List;

/** Well-formed requests as bytes. */
final class LdapRequests {

    static final String WHO_AM_I = "1.3.6.1.4.1.4203.1.11.3";
    static final String START_TLS = "1.3.6.1.4.1.1466.20037";
    static final String PASSWORD_MODIFY = "1.3.6.1.4.1.4203.1.11.1";
    static final String CANCEL = "1.3.6.1.1.8";

    private LdapRequests() {}

    static byte[] message(int messageId, ProtocolOp operation, Control... controls) {
        return new LDAPMessage(messageId, operation, controls).encode().encode();
    }

    static byte[] rootDse(int messageId, Control... controls) {
        return search(messageId, "", SearchScope.BASE, "(objectClass=*)", List.of("supportedLDAPVersion"), controls);
    }

    static byte[] search(
            int messageId, String base, SearchScope scope, String filter, List<String> attributes, Control... controls) {
        try {
            return search(messageId, base, scope, Filter.create(filter), attributes, controls);
        } catch (LDAPException e) {
            throw new IllegalArgumentException(filter, e);
        }
    }

    static byte[] search(
            int messageId, String base, SearchScope scope, Filter filter, List<String> attributes, Control... controls) {
        return message(messageId,
                new SearchRequestProtocolOp(base, scope, DereferencePolicy.NEVER, 0, 0, false, filter, attributes), controls);
    }

    /** A search of the root DSE with a filter that is already encoded. */
    static byte[] searchWithFilter(int messageId, byte[] filter) {
        return HostileBer.message(messageId, HostileBer.element(0x63,
                HostileBer.octets(""), HostileBer.hex("0a 01 00"), HostileBer.hex("0a 01 00"),
                HostileBer.hex("02 01 00"), HostileBer.hex("02 01 00"), HostileBer.hex("01 01 00"),
                filter, HostileBer.hex("30 00")));
    }

    static byte[] bind(int messageId, String dn, byte[] password, Control... controls) {
        return message(messageId, new BindRequestProtocolOp(dn, password), controls);
    }

    static byte[] bind(int messageId, String dn, String password, Control... controls) {
        return message(messageId, new BindRequestProtocolOp(dn, password), controls);
    }

    static byte[] compare(int messageId, String dn, String attribute, byte[] value, Control... controls) {
        return message(messageId, new CompareRequestProtocolOp(dn, attribute, new ASN1OctetString(value)), controls);
    }

    static byte[] replace(int messageId, String dn, String attribute, byte[] value, Control... controls) {
        return message(messageId,
                new ModifyRequestProtocolOp(dn, List.of(new Modification(ModificationType.REPLACE, attribute, value))),
                controls);
    }

    static byte[] extended(int messageId, String oid, Control... controls) {
        return message(messageId, new ExtendedRequestProtocolOp(oid, null), controls);
    }

    static byte[] abandon(int messageId, int abandoned, Control... controls) {
        return message(messageId, new AbandonRequestProtocolOp(abandoned), controls);
    }

    /**
     * Every request of RFC 4511 but bind, unbind and StartTLS, with every kind of filter and the usual controls.
     *
     * @param person a name below {@code ou=people}
     */
    static List<byte[]> ofEveryKind(String baseDn, String person) throws LDAPException {
        String people = "ou=people," + baseDn;
        String dn = "uid=" + person + "," + people;
        return List.of(
                rootDse(1),
                search(2, people, SearchScope.SUB,
                        "(&(uid=" + person + ")(objectClass=posixAccount)(uid=*)(&(uidNumber=*)(!(uidNumber=0))))",
                        List.of("objectClass", "uid", "uidNumber", "*", "+"), new SimplePagedResultsControl(500)),
                search(3, people, SearchScope.ONE,
                        "(|(cn=a*b*c)(sn>=m)(uidNumber<=2100)(mail~=x@y.example)(cn:caseExactMatch:=Alice)(ou:dn:=people)"
                                + "(uidNumber:1.2.840.113556.1.4.803:=3)(:dn:2.5.13.2:=x)(cn=\\00\\2a\\28)(sudoHost=*\\2A*))",
                        List.of("1.1"), new ServerSideSortRequestControl(new SortKey("uid"), new SortKey("sn", true))),
                search(4, "ou=groups," + baseDn, SearchScope.SUBORDINATE_SUBTREE, "(member=" + dn + ")", List.of(),
                        new ManageDsaITRequestControl(true), new AssertionRequestControl("(&(cn=x)(!(cn=y*z)))"),
                        new Control("1.3.6.1.4.1.4203.666.5.16", false,
                                new ASN1OctetString(HostileBer.hex("30 0f 30 0d 04 06 6d 65 6d 62 65 72 30 03 04 01 78")))),
                compare(8, dn, "loginShell", "/bin/sh".getBytes()),
                replace(9, dn, "gecos", "Alice".getBytes()),
                message(10, new AddRequestProtocolOp("uid=eve," + people,
                        List.of(new Attribute("objectClass", "top", "account"), new Attribute("uid", "eve")))),
                message(11, new DeleteRequestProtocolOp(dn)),
                message(12, new ModifyDNRequestProtocolOp(dn, "uid=eve", true, people)),
                abandon(13, 2),
                extended(14, WHO_AM_I),
                message(15, new ExtendedRequestProtocolOp(PASSWORD_MODIFY,
                        new PasswordModifyExtendedRequest(dn, "old password", "new password").getValue())),
                message(16, new ExtendedRequestProtocolOp(CANCEL,
                        new ASN1OctetString(HostileBer.hex("30 03 02 01 02")))));
    }

    static List<byte[]> bindsOfEveryKind(String baseDn, String person) {
        return List.of(
                bind(5, "uid=" + person + ",ou=people," + baseDn, "not the password",
                        new Control("1.3.6.1.4.1.42.2.27.8.5.1")),
                bind(6, "", ""),
                message(7, new BindRequestProtocolOp("", "PLAIN", new ASN1OctetString("\0" + person + "\0not the password"))));
    }
}
