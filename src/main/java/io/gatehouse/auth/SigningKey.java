package io.gatehouse.auth;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSAlgorithm;
import com.nimbusds.jose.jwk.Curve;
import com.nimbusds.jose.jwk.ECKey;
import com.nimbusds.jose.jwk.gen.ECKeyGenerator;
import java.text.ParseException;
import java.util.UUID;

/**
 * A key that signs access tokens.
 *
 * @param pair with its private part
 */
record SigningKey(UUID id, ECKey pair) {

    static SigningKey generate() {
        var id = UUID.randomUUID();
        try {
            return new SigningKey(id, new ECKeyGenerator(Curve.P_256).keyID(id.toString()).algorithm(JWSAlgorithm.ES256).generate());
        } catch (JOSEException e) {
            throw new IllegalStateException(e);
        }
    }

    static SigningKey parse(UUID id, String jwk) {
        try {
            return new SigningKey(id, ECKey.parse(jwk));
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
