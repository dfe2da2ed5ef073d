package io.gatehouse.cluster;

import io.gatehouse.platform.Problem;
import io.gatehouse.platform.http.Caller;
import io.gatehouse.platform.settings.Setting;
import io.gatehouse.platform.settings.Settings;
import jakarta.inject.Singleton;
import org.jdbi.v3.core.Handle;

/**
 * How much of the cluster somebody may take who is no administrator: addresses, ports and names are there for all. They hold
 * when many ask at once, as long as the caller holds the lock of the cluster's writers.
 */
@Singleton
final class Quotas {

    private final Settings settings;

    Quotas(Settings settings) {
        this.settings = settings;
    }

    /** @throws Problem if the caller has as many containers as allowed */
    void requireContainer(Handle handle, Caller caller) {
        require(handle, caller, Setting.CONTAINERS_PER_USER,
                "select count(*) from containers c join users u on u.uid_number = c.owner where u.username = ?", caller.name(), "containers");
    }

    /** @throws Problem if the container has as many services as the caller may give it */
    void requireService(Handle handle, Caller caller, int container) {
        require(handle, caller, Setting.SERVICES_PER_CONTAINER, "select count(*) from services where container_id = ?", container, "services");
    }

    private void require(Handle handle, Caller caller, Setting<Integer> setting, String count, Object key, String things) {
        int most = settings.get(setting);
        if (!caller.administrator() && handle.select(count, key).mapTo(int.class).one() >= most) {
            throw Problem.conflict(null, null, "No more than " + most + " " + things + " are allowed here: remove one, or ask an administrator,"
                    + " who may add more (setting " + setting + ").");
        }
    }
}
