package io.gatehouse.cluster;

import io.gatehouse.platform.Problem;
import io.gatehouse.platform.http.MergePatch;
import io.micronaut.core.annotation.Nullable;

/** What a service shall be, each value by its own rule; whether it goes with all others, the database tells. */
sealed interface ServiceDraft {

    int LAST_PORT = 65_535;
    String SRV = "SRV";

    int containerPort();

    record Http(int containerPort, String externalHostname, int externalDomainId, boolean authRequired) implements ServiceDraft {

        public Http {
            checkContainerPort(containerPort);
            externalHostname = ExternalHostname.parse("externalHostname", externalHostname).text();
        }
    }

    /** @param externalPort null to be given one */
    record Transport(int containerPort, TransportProtocol protocol, @Nullable Integer externalPort, boolean useTls) implements ServiceDraft {

        private static final int HTTP = 80;
        private static final int HTTPS = 443;

        public Transport {
            checkContainerPort(containerPort);
            if (externalPort != null && !isPort(externalPort)) {
                throw WorkloadRule.TRANSPORT_SERVICE_PORT_FORM.broken(externalPort);
            }
            if (externalPort != null && (externalPort == HTTPS || externalPort == HTTP && protocol == TransportProtocol.TCP)) {
                throw WorkloadRule.TRANSPORT_SERVICE_PORT_OF_GATEWAY.broken(externalPort);
            }
            if (useTls && protocol != TransportProtocol.TCP) {
                throw WorkloadRule.TRANSPORT_SERVICE_TLS.broken(true);
            }
        }

        Transport withExternalPort(int port) {
            return new Transport(containerPort, protocol, port, useTls);
        }
    }

    record Dns(int containerPort, String recordType, String serviceName) implements ServiceDraft {

        public Dns {
            checkContainerPort(containerPort);
            if (!recordType.equals(SRV)) {
                throw WorkloadRule.DNS_SERVICE_RECORD_FORM.broken(recordType);
            }
            serviceName = SrvName.parse("serviceName", serviceName).text();
        }
    }

    /** @throws Problem if a value is missing, breaks a rule, or is of a field that the type has not */
    static ServiceDraft of(NewService wish) {
        var type = ServiceType.parse(Text.required("type", wish.type()));
        var typed = wish.typed();
        type.foreignFields().stream().filter(field -> typed.get(field) != null).findFirst().ifPresent(field -> {
            throw foreign(type, field);
        });
        int containerPort = Text.required("containerPort", wish.containerPort());
        return switch (type) {
            case HTTP -> new Http(containerPort, Text.required("externalHostname", wish.externalHostname()),
                    Text.required("externalDomainId", wish.externalDomainId()), Boolean.TRUE.equals(wish.authRequired()));
            case TRANSPORT -> new Transport(containerPort, TransportProtocol.parse(Text.required("protocol", wish.protocol())),
                    wish.externalPort(), Boolean.TRUE.equals(wish.useTls()));
            case DNS -> new Dns(containerPort, wish.recordType() == null ? SRV : wish.recordType(), Text.required("serviceName", wish.serviceName()));
        };
    }

    /** @throws Problem if the patch names anything else, or a value breaks a rule */
    static ServiceDraft of(Service present, MergePatch patch) {
        var type = ServiceType.of(present);
        if (!type.text().equals(patch.text("type", type.text()))) {
            throw Problem.invalid("type", patch.text("type"), "A service stays of its type.");
        }
        type.foreignFields().stream().filter(patch::names).findFirst().ifPresent(field -> {
            throw foreign(type, field);
        });
        int containerPort = Text.required("containerPort", patch.integer("containerPort", present.containerPort()));
        var draft = switch (present) {
            case HttpService http -> new Http(containerPort,
                    Text.required("externalHostname", patch.text("externalHostname", http.externalHostname())),
                    Text.required("externalDomainId", patch.integer("externalDomainId", http.externalDomainId())),
                    patch.names("authRequired") ? patch.flag("authRequired") : http.authRequired());
            case TransportService transport -> new Transport(containerPort,
                    TransportProtocol.parse(Text.required("protocol", patch.text("protocol", transport.protocol().text()))),
                    patch.integer("externalPort", transport.externalPort()),
                    patch.names("useTls") ? patch.flag("useTls") : transport.useTls());
            case DnsService dns -> new Dns(containerPort,
                    Text.required("recordType", patch.text("recordType", dns.recordType())),
                    Text.required("serviceName", patch.text("serviceName", dns.serviceName())));
        };
        patch.end();
        return draft;
    }

    private static void checkContainerPort(int port) {
        if (!isPort(port)) {
            throw WorkloadRule.SERVICE_CONTAINER_PORT_FORM.broken(port);
        }
    }

    private static boolean isPort(int port) {
        return port >= 1 && port <= LAST_PORT;
    }

    private static Problem foreign(ServiceType type, String field) {
        return Problem.invalidSecret(field, "Services of type " + type.text() + " have no " + field + ".");
    }
}
