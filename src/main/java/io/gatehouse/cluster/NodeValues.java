package io.gatehouse.cluster;

import io.gatehouse.platform.WebAddress;
import io.micronaut.core.annotation.Nullable;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;

/** What a node is, each value well-formed. */
record NodeValues(
        int siteId,
        Hostname name,
        @Nullable IpAddress ipv4Address,
        @Nullable WebAddress apiUrl,
        @Nullable String apiTokenIdOrUsername,
        @Nullable String apiTokenSecretOrPassword,
        boolean disableTlsVerification,
        String imageStorage,
        String volumeStorage) {

    private static final String DEFAULT_IMAGE_STORAGE = "local";
    private static final String DEFAULT_VOLUME_STORAGE = "local-lvm";

    /** @throws io.gatehouse.platform.Problem if a value breaks a rule */
    static NodeValues of(NewNode wish) {
        return new NodeValues(
                Text.required("siteId", wish.siteId()),
                Hostname.parseAsWritten("name", Text.required("name", wish.name())),
                wish.ipv4Address() == null ? null : IpAddress.parse("ipv4Address", wish.ipv4Address()),
                wish.apiUrl() == null ? null : WebAddress.parse("apiUrl", wish.apiUrl()),
                wish.apiTokenIdOrUsername() == null ? null : Text.word("apiTokenIdOrUsername", wish.apiTokenIdOrUsername()),
                wish.apiTokenSecretOrPassword() == null ? null : Text.secret(NewNode.SECRET, wish.apiTokenSecretOrPassword()),
                Boolean.TRUE.equals(wish.disableTlsVerification()),
                wish.imageStorage() == null ? DEFAULT_IMAGE_STORAGE : Text.storage("imageStorage", wish.imageStorage()),
                wish.volumeStorage() == null ? DEFAULT_VOLUME_STORAGE : Text.storage("volumeStorage", wish.volumeStorage()));
    }

    /** As the API shows them; nothing of the secret. */
    Map<String, Object> shown() {
        var shown = new LinkedHashMap<String, Object>();
        shown.put("siteId", siteId);
        shown.put("name", name.text());
        shown.put("ipv4Address", Objects.toString(ipv4Address, null));
        shown.put("apiUrl", Objects.toString(apiUrl, null));
        shown.put("apiTokenIdOrUsername", apiTokenIdOrUsername);
        shown.put("disableTlsVerification", disableTlsVerification);
        shown.put("imageStorage", imageStorage);
        shown.put("volumeStorage", volumeStorage);
        return shown;
    }

    @Override
    public String toString() {
        return "NodeValues[" + name + "]";
    }
}
