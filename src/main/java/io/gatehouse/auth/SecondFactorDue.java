package io.gatehouse.auth;

import io.gatehouse.identity.Factor;
import io.micronaut.serde.annotation.Serdeable;
import java.util.Collection;
import java.util.List;

/** The password was right, and is not enough. */
final class SecondFactorDue extends RuntimeException {

    private final transient Document document;

    SecondFactorDue(String challenge, Collection<Factor> factors) {
        super("A second factor is needed.", null, false, false);
        document = new Document("urn:gatehouse:problem:mfa-required", "A second factor is needed", 401,
                "The password is right. Present the challenge with a code or the factor push, as the factors say: POST /api/v1/auth/login/second-factor.",
                "mfa_required", challenge, factors.stream().map(Factor::text).sorted().toList(), (int) Challenges.LIFE.toSeconds());
    }

    Document document() {
        return document;
    }

    /**
     * A problem of RFC 9457 that tells how to go on.
     *
     * @param error     mfa_required
     * @param challenge to be presented with the code, once
     * @param factors   one of which is needed
     * @param expiresIn seconds that the challenge is good for
     */
    @Serdeable
    record Document(String type, String title, int status, String detail, String error, String challenge, List<String> factors, int expiresIn) {

        /** Without the challenge. */
        @Override
        public String toString() {
            return "Document[]";
        }
    }
}
