package io.gatehouse.gateway.dns;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.json.tree.JsonNode;
import io.micronaut.serde.annotation.Serdeable;
import java.util.List;

/** The envelope of what Cloudflare answers. */
@Serdeable
@JsonIgnoreProperties(ignoreUnknown = true)
record CloudflareAnswer(boolean success, @Nullable List<Fault> errors, @Nullable JsonNode result) {

    /** What is wrong with a request. */
    @Serdeable
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Fault(int code, @Nullable String message) {
    }

    /** A domain as it is kept there. */
    @Serdeable
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Zone(String id, String name) {
    }
}
