package io.gatehouse.auth;

import io.gatehouse.platform.http.PrincipalAttributes;
import io.gatehouse.platform.settings.Setting;
import io.gatehouse.platform.settings.Settings;
import jakarta.inject.Singleton;
import java.util.Map;

/** Whether somebody must set up a second factor before anything else. */
@Singleton
final class SecondFactorDuty {

    private final Settings settings;

    SecondFactorDuty(Settings settings) {
        this.settings = settings;
    }

    /** What an authentication tells of it. */
    Map<String, Object> attributes(boolean administrator, boolean secondFactor) {
        return administrator && !secondFactor && settings.get(Setting.SECOND_FACTOR_REQUIRED)
                ? Map.of(PrincipalAttributes.LACKS_SECOND_FACTOR, true) : Map.of();
    }
}
