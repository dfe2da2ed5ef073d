package io.gatehouse.ldap;

import com.unboundid.asn1.ASN1OctetString;
import com.unboundid.ldap.protocol.BindRequestProtocolOp;
import com.unboundid.ldap.sdk.Control;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.experimental.DraftBeheraLDAPPasswordPolicy10ErrorType;
import com.unboundid.ldap.sdk.experimental.DraftBeheraLDAPPasswordPolicy10ResponseControl;
import io.gatehouse.ldap.Names.Named;
import jakarta.inject.Singleton;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/** Bind (RFC 4511 section 4.2): simple, and SASL PLAIN (RFC 4616). */
@Singleton
final class BindOperation {

    private static final Set<String> CONTROLS = Set.of(RequestControls.PASSWORD_POLICY);
    private static final String PLAIN = "PLAIN";

    private final LdapConfiguration configuration;
    private final Names names;
    private final PasswordCheck passwords;

    BindOperation(LdapConfiguration configuration, Names names, PasswordCheck passwords) {
        this.configuration = configuration;
        this.names = names;
        this.passwords = passwords;
    }

    Answer process(Session session, BindRequestProtocolOp request, List<Control> requestControls) {
        session.unbind();
        RequestControls.check(requestControls, CONTROLS);
        if (request.getVersion() != 3) {
            throw new Refusal(ResultCode.PROTOCOL_ERROR, "LDAP version 3 is spoken here.");
        }
        if (request.getCredentialsType() == BindRequestProtocolOp.CRED_TYPE_SIMPLE) {
            simple(session, request.getBindDN(), request.getSimplePassword());
        } else {
            sasl(session, request);
        }
        return Answer.SUCCESS.with(new DraftBeheraLDAPPasswordPolicy10ResponseControl(
                null, -1, session.mustChangePassword() ? DraftBeheraLDAPPasswordPolicy10ErrorType.CHANGE_AFTER_RESET : null));
    }

    private void simple(Session session, String dn, ASN1OctetString password) {
        if (password.getValueLength() == 0) {
            if (dn.isEmpty()) {
                return;
            }
            throw new Refusal(ResultCode.UNWILLING_TO_PERFORM, "A name without a password proves nothing (RFC 4513 section 5.1.2).");
        }
        session.requireConfidentiality(configuration);
        var named = names.byDn(dn);
        session.bind(named.principal(), authenticated(session, named, password.getValue()));
    }

    private void sasl(Session session, BindRequestProtocolOp request) {
        if (!PLAIN.equalsIgnoreCase(request.getSASLMechanism())) {
            throw new Refusal(ResultCode.AUTH_METHOD_NOT_SUPPORTED, "Of SASL's mechanisms only PLAIN is offered, over TLS.");
        }
        session.requireConfidentiality(configuration);
        var credentials = request.getSASLCredentials() == null ? new byte[0] : request.getSASLCredentials().getValue();
        int first = indexOfNul(credentials, 0);
        int second = indexOfNul(credentials, first + 1);
        if (first < 0 || second < 0 || second == credentials.length - 1) {
            throw new Refusal(ResultCode.INVALID_CREDENTIALS, "PLAIN needs [authzid] NUL authcid NUL password (RFC 4616).");
        }
        var authorization = new String(credentials, 0, first, StandardCharsets.UTF_8);
        var named = names.byIdentity(new String(credentials, first + 1, second - first - 1, StandardCharsets.UTF_8));
        var proof = authenticated(session, named, Arrays.copyOfRange(credentials, second + 1, credentials.length));
        if (!authorization.isEmpty() && !named.account().equals(names.byIdentity(authorization).account())) {
            throw new Refusal(ResultCode.INVALID_CREDENTIALS, "Nobody may act as somebody else.");
        }
        session.bind(named.principal(), proof);
    }

    private Proof authenticated(Session session, Named named, byte[] password) {
        try {
            return passwords.requireForBind(named, password, session);
        } finally {
            Arrays.fill(password, (byte) 0);
        }
    }

    private static int indexOfNul(byte[] bytes, int from) {
        for (int i = from; i < bytes.length; i++) {
            if (bytes[i] == 0) {
                return i;
            }
        }
        return -1;
    }
}
