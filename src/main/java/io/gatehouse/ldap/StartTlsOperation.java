package io.gatehouse.ldap;

import com.unboundid.ldap.sdk.ResultCode;
import io.gatehouse.platform.tls.TlsMaterial;
import jakarta.inject.Singleton;

/** StartTLS (RFC 4511 section 4.14). */
@Singleton
final class StartTlsOperation {

    static final String OID = "1.3.6.1.4.1.1466.20037";

    private final TlsMaterial tls;

    StartTlsOperation(TlsMaterial tls) {
        this.tls = tls;
    }

    Answer process(Session session) {
        if (session.connection().isSecure()) {
            throw new Refusal(ResultCode.OPERATIONS_ERROR, "TLS is spoken already.");
        }
        if (!session.connection().startTlsAfterResponse(tls.context())) {
            var why = "Something was sent in the clear behind StartTLS; it must wait for the answer.";
            session.connection().disconnect(ResultCode.PROTOCOL_ERROR, why);
            throw new Refusal(ResultCode.PROTOCOL_ERROR, why);
        }
        session.reset();
        return Answer.of(OID, null);
    }
}
