package io.gatehouse.ldap;

import com.unboundid.asn1.ASN1Element;
import com.unboundid.asn1.ASN1Exception;
import com.unboundid.asn1.ASN1OctetString;
import com.unboundid.asn1.ASN1Sequence;
import com.unboundid.ldap.sdk.ResultCode;
import io.gatehouse.credentials.PasswordPolicy;
import io.gatehouse.directory.Principal;
import io.gatehouse.identity.UserPatch;
import io.gatehouse.identity.Users;
import io.gatehouse.ldap.Names.Named;
import jakarta.inject.Singleton;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * Password Modify (RFC 3062). People change their own password, an administrator anybody's. With the old password it works on
 * a connection that is not bound, which is how a password is changed that no longer lets one in.
 */
@Singleton
final class PasswordModifyOperation {

    static final String OID = "1.3.6.1.4.1.4203.1.11.1";

    private static final byte USER_IDENTITY = (byte) 0x80;
    private static final byte OLD_PASSWORD = (byte) 0x81;
    private static final byte NEW_PASSWORD = (byte) 0x82;
    private static final byte GENERATED_PASSWORD = (byte) 0x80;

    /** What a request holds; each part may be null. */
    private record Request(String identity, byte[] oldPassword, String newPassword) {
    }

    private final LdapConfiguration configuration;
    private final Names names;
    private final PasswordCheck passwords;
    private final PasswordPolicy policy;
    private final Users users;
    private final AdministratorRights rights;

    PasswordModifyOperation(LdapConfiguration configuration, Names names, PasswordCheck passwords, PasswordPolicy policy, Users users,
            AdministratorRights rights) {
        this.configuration = configuration;
        this.names = names;
        this.passwords = passwords;
        this.policy = policy;
        this.users = users;
        this.rights = rights;
    }

    Answer process(Session session, ASN1OctetString value) {
        session.requireConfidentiality(configuration);
        var request = decode(value);
        var actor = session.principal();
        session.requireCompleteProof();
        var target = target(request, actor);
        boolean isOwn = actor != null && target.principal() != null && target.principal().entryId() == actor.entryId();
        if (!isOwn) {
            session.requireNoPasswordChangeFirst();
        }
        Instant proved = isOwn ? actor.passwordChangedAt() : null;
        if (request.oldPassword() != null) {
            passwords.requireOld(target, request.oldPassword(), session);
            proved = target.principal().passwordChangedAt();
        } else if (!isOwn && !rights.mayChangeOthers(session)) {
            throw new Refusal(ResultCode.INSUFFICIENT_ACCESS_RIGHTS, "Only an administrator sets the password of somebody else; "
                    + "bind as the account itself, or give its old password.");
        }
        if (target.principal() == null) {
            throw new Refusal(ResultCode.NO_SUCH_OBJECT, "There is no such account.");
        }
        if (target.principal().type() != Principal.Type.PERSON) {
            throw new Refusal(ResultCode.UNWILLING_TO_PERFORM, "The password of a service account is rotated over HTTP.");
        }
        var username = target.principal().name();
        var password = request.newPassword() == null ? policy.generate(username) : request.newPassword();
        var changed = users.modify(username, UserPatch.NONE.withPassword(password, proved),
                actor == null ? session.actor().provedToBe(username) : session.actor());
        if (isOwn) {
            session.refresh(changed.passwordChangedAt());
        }
        return request.newPassword() != null ? Answer.SUCCESS
                : Answer.of(null, new ASN1OctetString(new ASN1Sequence(new ASN1OctetString(GENERATED_PASSWORD, password)).encode()));
    }

    private Named target(Request request, Principal actor) {
        if (request.identity() != null) {
            return names.byIdentity(request.identity());
        }
        if (actor == null) {
            throw new Refusal(ResultCode.UNWILLING_TO_PERFORM, "Whose password? Bind first, or name the account.");
        }
        return names.byDn(actor.dn());
    }

    private static Request decode(ASN1OctetString value) {
        if (value == null) {
            return new Request(null, null, null);
        }
        String identity = null;
        byte[] oldPassword = null;
        String newPassword = null;
        try {
            for (var element : ASN1Sequence.decodeAsSequence(value.getValue()).elements()) {
                switch (element.getType()) {
                    case USER_IDENTITY -> identity = text(element);
                    case OLD_PASSWORD -> oldPassword = element.getValue();
                    case NEW_PASSWORD -> newPassword = text(element);
                    default -> throw malformed();
                }
            }
        } catch (ASN1Exception | CharacterCodingException e) {
            throw malformed();
        }
        return new Request(identity, oldPassword, newPassword);
    }

    private static String text(ASN1Element element) throws CharacterCodingException {
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(element.getValue())).toString();
    }

    private static Refusal malformed() {
        return new Refusal(ResultCode.PROTOCOL_ERROR, "The value is not a PasswdModifyRequestValue (RFC 3062 section 2) in UTF-8.");
    }
}
