package io.gatehouse.auth;

import io.gatehouse.platform.http.FirstDuty;
import io.gatehouse.platform.http.PrincipalAttributes;
import io.gatehouse.platform.settings.Setting;
import io.gatehouse.platform.settings.Settings;
import io.micronaut.core.annotation.Nullable;
import jakarta.inject.Singleton;
import java.util.Map;

/** What people must do before anything else. */
@Singleton
final class FirstDuties {

    private final Settings settings;

    FirstDuties(Settings settings) {
        this.settings = settings;
    }

    /** Null if there is none. */
    @Nullable FirstDuty of(SessionOwner owner) {
        return owner.passwordChangeRequired() ? FirstDuty.CHANGE_PASSWORD : ofKey(owner.administrator(), owner.secondFactor());
    }

    /** An API key is no password: what is wrong with that leaves its owner's keys alone. */
    @Nullable FirstDuty ofKey(boolean administrator, boolean secondFactor) {
        return administrator && !secondFactor && settings.get(Setting.SECOND_FACTOR_REQUIRED) ? FirstDuty.SET_UP_SECOND_FACTOR : null;
    }

    /** What an authentication tells of it. */
    static Map<String, Object> attributes(@Nullable FirstDuty duty) {
        return duty == null ? Map.of() : Map.of(PrincipalAttributes.FIRST_DUTY, duty.name());
    }
}
