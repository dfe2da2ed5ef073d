package io.gatehouse.cluster.settings;

import io.gatehouse.platform.http.RequestDocument;
import io.micronaut.core.annotation.Nullable;
import io.swagger.v3.oas.annotations.media.Schema;

/**
 * What a setting shall be.
 *
 * @param value a text of the setting's type
 */
@RequestDocument
record NewSettingValue(@Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable String value) {

    /** It may be a secret. */
    @Override
    public String toString() {
        return "NewSettingValue[***]";
    }
}
