package io.gatehouse.ldap;

import com.unboundid.asn1.ASN1OctetString;
import com.unboundid.ldap.protocol.SearchRequestProtocolOp;
import com.unboundid.ldap.sdk.ResultCode;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Where a paged search goes on (RFC 2696). The server keeps nothing between pages: the client carries the position, sealed so
 * that it fits this search of this reader on this server only.
 *
 * @param next     the id of the entry to go on from; in a sorted search, of the one that was sent last
 * @param estimate how many entries the whole search found when it began; in a sorted search, how many were sent
 */
record PageCookie(int next, int estimate) {

    private static final int SEAL_BYTES = 16;
    private static final byte[] KEY = new byte[32];

    static {
        new SecureRandom().nextBytes(KEY);
    }

    /** @throws Refusal with unwillingToPerform if the cookie was not made for this search here (RFC 2696 section 3) */
    static PageCookie open(ASN1OctetString cookie, SearchRequestProtocolOp search, String order, int reader) {
        var bytes = ByteBuffer.wrap(cookie.getValue());
        if (bytes.remaining() == 2 * Integer.BYTES + SEAL_BYTES) {
            var opened = new PageCookie(bytes.getInt(), bytes.getInt());
            if (MessageDigest.isEqual(opened.seal(search, order, reader).getValue(), cookie.getValue())) {
                return opened;
            }
        }
        throw new Refusal(ResultCode.UNWILLING_TO_PERFORM, "This cookie does not belong to this search; begin again without one.");
    }

    ASN1OctetString seal(SearchRequestProtocolOp search, String order, int reader) {
        try {
            var mac = Mac.getInstance("HmacSHA256");
            mac.init(new SecretKeySpec(KEY, "HmacSHA256"));
            mac.update((reader + " " + search.getScope() + " " + search.getBaseDN() + '\0' + search.getFilter() + '\0' + order).getBytes(StandardCharsets.UTF_8));
            var position = ByteBuffer.allocate(2 * Integer.BYTES).putInt(next).putInt(estimate).array();
            return new ASN1OctetString(ByteBuffer.allocate(position.length + SEAL_BYTES)
                    .put(position).put(mac.doFinal(position), 0, SEAL_BYTES).array());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
