package io.gatehouse.cluster;

import com.fasterxml.jackson.annotation.JsonValue;
import io.micronaut.serde.annotation.Serdeable;
import java.util.Arrays;
import java.util.Locale;

/** What a transport service carries. */
@Serdeable
public enum TransportProtocol {
    TCP, UDP;

    @JsonValue
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** @throws io.gatehouse.platform.Problem if there is no such protocol */
    public static TransportProtocol parse(String text) {
        return Arrays.stream(values()).filter(protocol -> protocol.text().equals(text)).findFirst()
                .orElseThrow(() -> WorkloadRule.TRANSPORT_SERVICE_PROTOCOL_FORM.broken(text));
    }
}
