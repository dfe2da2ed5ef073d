package io.gatehouse.cluster.settings;

import io.gatehouse.platform.http.RequestDocument;
import io.micronaut.core.annotation.Nullable;

/**
 * What a setting shall be.
 *
 * @param value a text of the setting's type
 */
@RequestDocument
record NewSettingValue(@Nullable String value) {

    /** It may be a secret. */
    @Override
    public String toString() {
        return "NewSettingValue[***]";
    }
}
