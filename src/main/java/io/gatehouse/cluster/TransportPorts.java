package io.gatehouse.cluster;

import io.gatehouse.platform.Problem;
import jakarta.inject.Singleton;
import org.jdbi.v3.core.Handle;

/** Which ports of the gateways services are given, and which users may have. */
@Singleton
final class TransportPorts {

    private final ServiceRows rows;

    TransportPorts(ServiceRows rows) {
        this.rows = rows;
    }

    PortRange range(Handle handle, TransportProtocol protocol) {
        return new PortRange(2000, 65535, protocol.text() + "_port_range");
    }

    /**
     * The lowest free port of the range; nobody else is given it if the caller holds the lock of the cluster's writers until the
     * service is there.
     *
     * @throws Problem if all are taken
     */
    int findNextAvailablePort(Handle handle, TransportProtocol protocol) {
        var range = range(handle, protocol);
        return rows.freePort(handle, protocol, range).orElseThrow(() -> Problem.conflict("externalPort", null,
                "Every port from " + range.first() + " to " + range.last() + " is taken; the setting " + range.setting() + " tells the range."));
    }
}
