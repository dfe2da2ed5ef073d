package io.gatehouse.gateway.certificates;

import com.fasterxml.jackson.annotation.JsonValue;
import io.micronaut.serde.annotation.Serdeable;
import java.util.Locale;

/** How far a certificate is. */
@Serdeable
public enum CertificateState {

    /** There is none yet, and nothing has failed. */
    PENDING,
    /** It is in service. */
    VALID,
    /** The last attempt to get or renew one failed; one that is there stays in service until its end. */
    FAILING,
    /** Its time is over, and it is no more in service. */
    EXPIRED;

    @JsonValue
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    static CertificateState parse(String text) {
        return valueOf(text.toUpperCase(Locale.ROOT));
    }
}
