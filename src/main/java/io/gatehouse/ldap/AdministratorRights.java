package io.gatehouse.ldap;

import io.gatehouse.platform.settings.Setting;
import io.gatehouse.platform.settings.Settings;
import jakarta.inject.Singleton;

/** Who changes the entries of others. */
@Singleton
final class AdministratorRights {

    private final Settings settings;

    AdministratorRights(Settings settings) {
        this.settings = settings;
    }

    /** An administrator; with a second factor, where administrators must have one. */
    boolean mayChangeOthers(Session session) {
        var bound = session.principal();
        return bound != null && session.view().isAdministrator()
                && (bound.secondFactorSince() != null || !settings.get(Setting.SECOND_FACTOR_REQUIRED));
    }
}
