package io.gatehouse.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.KeyUse;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import java.text.ParseException;
import java.time.Instant;
import java.util.UUID;

/**
 * A key that signs access tokens.
 *
 * @param signsFrom when it begins to; until then it is only published
 * @param pair      with its private part
 */
record SigningKey(UUID id, Instant signsFrom, ECKey pair) {

    static SigningKey generate(Instant signsFrom) {
        var id = UUID.randomUUID();
        try {
            return new SigningKey(id, signsFrom,
                    new ECKeyGenerator(Curve.P_256).keyID(id.toString()).keyUse(KeyUse.SIGNATURE).algorithm(JWSAlgorithm.ES256).generate());
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    static SigningKey parse(UUID id, Instant signsFrom, String jwk) {
        try {
            return new SigningKey(id, signsFrom, ECKey.parse(jwk));
        } catch (ParseException e) {
            throw new IllegalStateException("The signing key " + id + " is damaged", e);
        }
    }

    /** Without the private part. */
    @Override
    public String toString() {
        return "SigningKey[" + id + "]";
    }
}
