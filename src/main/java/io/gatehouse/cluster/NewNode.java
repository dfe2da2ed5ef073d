package io.gatehouse.cluster;

import io.gatehouse.platform.http.MergePatch;
import io.gatehouse.platform.http.RequestDocument;
import io.micronaut.core.annotation.Nullable;
import io.swagger.v3.oas.annotations.media.Schema;

/**
 * What is said of a node; see {@link Node}.
 *
 * @param apiTokenSecretOrPassword never shown again
 */
@RequestDocument
public record NewNode(
        @Nullable Integer siteId,
        @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable String name,
        @Nullable String ipv4Address,
        @Nullable String apiUrl,
        @Nullable String apiTokenIdOrUsername,
        @Nullable String apiTokenSecretOrPassword,
        @Nullable Boolean disableTlsVerification,
        @Nullable String imageStorage,
        @Nullable String volumeStorage) {

    static final String SECRET = "apiTokenSecretOrPassword";

    /** @throws io.gatehouse.platform.Problem if the patch names anything else */
    NewNode patched(MergePatch patch) {
        var patched = new NewNode(
                patch.integer("siteId", siteId),
                patch.text("name", name),
                patch.text("ipv4Address", ipv4Address),
                patch.text("apiUrl", apiUrl),
                patch.text("apiTokenIdOrUsername", apiTokenIdOrUsername),
                patch.text(SECRET, apiTokenSecretOrPassword),
                patch.names("disableTlsVerification") ? Boolean.valueOf(patch.flag("disableTlsVerification")) : disableTlsVerification,
                patch.names("imageStorage") ? Text.required("imageStorage", patch.text("imageStorage")) : imageStorage,
                patch.names("volumeStorage") ? Text.required("volumeStorage", patch.text("volumeStorage")) : volumeStorage);
        patch.end();
        return patched;
    }

    NewNode in(int site) {
        return new NewNode(site, name, ipv4Address, apiUrl, apiTokenIdOrUsername, apiTokenSecretOrPassword, disableTlsVerification,
                imageStorage, volumeStorage);
    }

    @Override
    public String toString() {
        return "NewNode[" + name + "]";
    }
}
