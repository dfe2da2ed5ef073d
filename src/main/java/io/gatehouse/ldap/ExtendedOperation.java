package io.gatehouse.ldap;

import com.unboundid.ldap.protocol.ExtendedRequestProtocolOp;
import com.unboundid.ldap.sdk.Control;
import com.unboundid.ldap.sdk.ResultCode;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Set;

/** Extended operations (RFC 4511 section 4.12), by their OID. */
@Singleton
final class ExtendedOperation {

    static final String CANCEL = "1.3.6.1.1.8";
    static final List<String> SUPPORTED = List.of(StartTlsOperation.OID, PasswordModifyOperation.OID, WhoAmIOperation.OID, CANCEL);

    private final StartTlsOperation startTls;
    private final PasswordModifyOperation passwordModify;

    ExtendedOperation(StartTlsOperation startTls, PasswordModifyOperation passwordModify) {
        this.startTls = startTls;
        this.passwordModify = passwordModify;
    }

    Answer process(Session session, ExtendedRequestProtocolOp request, List<Control> controls) {
        RequestControls.check(controls, request.getOID().equals(PasswordModifyOperation.OID)
                ? Set.of(RequestControls.PASSWORD_POLICY) : Set.of());
        var value = request.getValue();
        if (value != null && BerNesting.defect(value.getValue(), 0, value.getValueLength()) != null) {
            throw new Refusal(ResultCode.PROTOCOL_ERROR, "The value of the request is malformed.");
        }
        return switch (request.getOID()) {
            case StartTlsOperation.OID -> startTls.process(session);
            case PasswordModifyOperation.OID -> passwordModify.process(session, value);
            case WhoAmIOperation.OID -> WhoAmIOperation.process(session);
            // Operations of a connection run one after another: none is under way that could be cancelled (RFC 3909 section 2.3).
            case CANCEL -> throw new Refusal(ResultCode.NO_SUCH_OPERATION, "No operation is under way.");
            default -> throw new Refusal(ResultCode.PROTOCOL_ERROR, "This extended operation is not supported.");
        };
    }
}
