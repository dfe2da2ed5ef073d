package io.gatehouse.cluster.settings;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.gatehouse.platform.http.Revised;
import io.gatehouse.platform.settings.Setting;
import io.gatehouse.platform.settings.StoredSetting;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.serde.annotation.Serdeable;
import java.time.Instant;

/**
 * A setting as the API shows it.
 *
 * @param value        what it is set to, or its default; null if it is secret
 * @param defaultValue what it is when nobody sets it
 * @param type         what kind of text the value is: {@code boolean}, {@code choice}, {@code duration}, {@code number}, {@code port-range}, {@code secret}, {@code text}
 *                     or {@code url}
 * @param secret       whether its value is never shown
 * @param revision     0 while it has its default
 * @param updatedAt    null while it has its default
 * @param updatedBy    null while it has its default
 */
@Serdeable
record ShownSetting(
        String key,
        @Nullable String value,
        @JsonProperty("default") String defaultValue,
        String description,
        String type,
        boolean secret,
        long revision,
        @Nullable Instant updatedAt,
        @Nullable String updatedBy) implements Revised {

    static ShownSetting of(Setting<?> setting, @Nullable StoredSetting stored) {
        var value = stored == null ? setting.defaultText() : stored.text();
        return new ShownSetting(
                setting.key(),
                setting.isSecret() ? null : value,
                setting.defaultText(),
                setting.description(),
                setting.type(),
                setting.isSecret(),
                stored == null ? 0 : stored.revision(),
                stored == null ? null : stored.updatedAt(),
                stored == null ? null : stored.updatedBy());
    }
}
