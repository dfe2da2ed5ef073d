package io.gatehouse.cluster;

import io.gatehouse.platform.Problem;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The kinds of services, each with fields of its own. */
enum ServiceType {
    HTTP("externalHostname", "externalDomainId", "authRequired"),
    TRANSPORT("protocol", "externalPort", "useTls"),
    DNS("recordType", "serviceName");

    private final List<String> fields;

    ServiceType(String... fields) {
        this.fields = List.of(fields);
    }

    static ServiceType of(Service service) {
        return switch (service) {
            case HttpService http -> HTTP;
            case TransportService transport -> TRANSPORT;
            case DnsService dns -> DNS;
        };
    }

    /** @throws Problem if there is no such type */
    static ServiceType parse(String text) {
        return Arrays.stream(values()).filter(type -> type.text().equals(text)).findFirst()
                .orElseThrow(() -> WorkloadRule.SERVICE_TYPE_FORM.broken(text));
    }

    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Those that services of the other types have and this one has not. */
    List<String> foreignFields() {
        return Arrays.stream(values()).filter(type -> type != this).flatMap(type -> type.fields.stream()).toList();
    }
}
