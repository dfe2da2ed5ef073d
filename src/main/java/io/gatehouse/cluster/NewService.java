package io.gatehouse.cluster;

import io.gatehouse.platform.http.RequestDocument;
import io.micronaut.core.annotation.Nullable;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A service to create, with the fields of its type; see {@link Service}.
 *
 * @param authRequired null: no
 * @param externalPort null: the lowest free one of the range
 * @param useTls       null: no
 * @param recordType   null: {@code SRV}
 */
@RequestDocument
public record NewService(
        @Schema(requiredMode = Schema.RequiredMode.REQUIRED, allowableValues = {"http", "transport", "dns"}) @Nullable String type,
        @Schema(requiredMode = Schema.RequiredMode.REQUIRED, minimum = "1", maximum = "65535") @Nullable Integer containerPort,
        @Nullable String externalHostname,
        @Nullable Integer externalDomainId,
        @Nullable Boolean authRequired,
        @Schema(allowableValues = {"tcp", "udp"}) @Nullable String protocol,
        @Schema(minimum = "1", maximum = "65535") @Nullable Integer externalPort,
        @Nullable Boolean useTls,
        @Schema(allowableValues = "SRV") @Nullable String recordType,
        @Nullable String serviceName) {

    /** The fields that are not of every type, null where there is nothing. */
    Map<String, Object> typed() {
        var fields = new LinkedHashMap<String, Object>();
        fields.put("externalHostname", externalHostname);
        fields.put("externalDomainId", externalDomainId);
        fields.put("authRequired", authRequired);
        fields.put("protocol", protocol);
        fields.put("externalPort", externalPort);
        fields.put("useTls", useTls);
        fields.put("recordType", recordType);
        fields.put("serviceName", serviceName);
        return fields;
    }
}
