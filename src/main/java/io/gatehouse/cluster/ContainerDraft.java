package io.gatehouse.cluster;

import io.gatehouse.platform.Problem;
import io.gatehouse.platform.http.MergePatch;
import io.micronaut.core.annotation.Nullable;
import java.util.HashMap;
import java.util.Map;

/**
 * What a container shall be, each value by its own rule; whether it goes with all others, the database tells.
 *
 * @param id          null if it does not exist yet
 * @param macAddress  null to be given one
 * @param ipv4Address null to be given one
 */
record ContainerDraft(
        @Nullable Integer id,
        String hostname,
        String username,
        ContainerStatus status,
        @Nullable String template,
        int nodeId,
        @Nullable Integer containerId,
        @Nullable String macAddress,
        @Nullable String ipv4Address,
        String aiContainer,
        @Nullable Integer creationJobId) {

    private static final int FIRST_VMID = 100;
    private static final int LAST_VMID = 999_999_999;

    ContainerDraft {
        hostname = Hostname.parse("hostname", hostname).text();
        template = template == null ? null : Text.name("template", template);
        if (containerId != null && (containerId < FIRST_VMID || containerId > LAST_VMID)) {
            throw WorkloadRule.CONTAINER_VMID_FORM.broken(containerId);
        }
        macAddress = macAddress == null ? null : MacAddress.parse("macAddress", macAddress).text();
        ipv4Address = ipv4Address == null ? null : IpAddress.parse("ipv4Address", ipv4Address).toString();
        if (!aiContainer.equals("Y") && !aiContainer.equals("N")) {
            throw WorkloadRule.CONTAINER_AI_FORM.broken(aiContainer);
        }
    }

    /** @throws Problem if a value breaks a rule */
    static ContainerDraft of(NewContainer wish, String username, int nodeId) {
        return new ContainerDraft(null, Text.required("hostname", wish.hostname()), username,
                wish.status() == null ? ContainerStatus.PENDING : ContainerStatus.parse(wish.status()), wish.template(), nodeId,
                wish.containerId(), wish.macAddress(), wish.ipv4Address(), wish.aiContainer() == null ? "N" : wish.aiContainer(),
                wish.creationJobId());
    }

    /** @throws Problem if the patch names anything else, or a value breaks a rule */
    static ContainerDraft of(Container present, MergePatch patch) {
        var draft = new ContainerDraft(present.id(),
                Text.required("hostname", patch.text("hostname", present.hostname())),
                Text.required("username", patch.text("username", present.username())),
                ContainerStatus.parse(Text.required("status", patch.text("status", present.status().text()))),
                patch.text("template", present.template()),
                Text.required("nodeId", patch.integer("nodeId", present.nodeId())),
                patch.integer("containerId", present.containerId()),
                patch.text("macAddress", present.macAddress()),
                patch.text("ipv4Address", present.ipv4Address()),
                Text.required("aiContainer", patch.text("aiContainer", present.aiContainer())),
                patch.integer("creationJobId", present.creationJobId()));
        patch.end();
        return draft;
    }

    ContainerDraft withMacAddress(MacAddress address) {
        return new ContainerDraft(id, hostname, username, status, template, nodeId, containerId, address.text(), ipv4Address, aiContainer, creationJobId);
    }

    ContainerDraft withIpv4Address(@Nullable String address) {
        return new ContainerDraft(id, hostname, username, status, template, nodeId, containerId, macAddress, address, aiContainer, creationJobId);
    }

    /** By the names of the fields. */
    Map<String, Object> values() {
        var values = new HashMap<String, Object>();
        values.put("id", id);
        values.put("hostname", hostname);
        values.put("username", username);
        values.put("status", status.text());
        values.put("template", template);
        values.put("nodeId", nodeId);
        values.put("containerId", containerId);
        values.put("macAddress", macAddress);
        values.put("ipv4Address", ipv4Address);
        values.put("aiContainer", aiContainer);
        values.put("creationJobId", creationJobId);
        return values;
    }
}
