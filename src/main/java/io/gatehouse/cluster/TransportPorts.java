package io.gatehouse.cluster;

import io.gatehouse.platform.Problem;
import io.gatehouse.platform.settings.PortRange;
import io.gatehouse.platform.settings.Setting;
import io.gatehouse.platform.settings.Settings;
import jakarta.inject.Singleton;
import org.jdbi.v3.core.Handle;

/** Which ports of the gateways services are given, and which users may have. */
@Singleton
final class TransportPorts {

    private final ServiceRows rows;
    private final Settings settings;

    TransportPorts(ServiceRows rows, Settings settings) {
        this.rows = rows;
        this.settings = settings;
    }

    PortRange range(TransportProtocol protocol) {
        return settings.get(setting(protocol));
    }

    /**
     * The lowest free port of the range; nobody else is given it if the caller holds the lock of the cluster's writers until the
     * service is there.
     *
     * @throws Problem if all are taken
     */
    int findNextAvailablePort(Handle handle, TransportProtocol protocol) {
        var range = range(protocol);
        return rows.freePort(handle, protocol, range).orElseThrow(() -> Problem.conflict("externalPort", null,
                "Every port in " + range + " is taken, or the gateway's own; the setting " + setting(protocol) + " tells the range."));
    }

    private static Setting<PortRange> setting(TransportProtocol protocol) {
        return switch (protocol) {
            case TCP -> Setting.TCP_PORT_RANGE;
            case UDP -> Setting.UDP_PORT_RANGE;
        };
    }
}
