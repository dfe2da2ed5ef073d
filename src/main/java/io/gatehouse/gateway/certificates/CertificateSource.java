package io.gatehouse.gateway.certificates;

import com.fasterxml.jackson.annotation.JsonValue;
import io.micronaut.serde.annotation.Serdeable;
import java.util.Locale;

/** Where a certificate comes from. */
@Serdeable
public enum CertificateSource {

    /** The certificate authority that the domain names has issued it. */
    ACME,
    /** An administrator has brought it. */
    UPLOADED;

    @JsonValue
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
