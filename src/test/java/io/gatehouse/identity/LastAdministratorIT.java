package io.gatehouse.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.audit.Actor;
import io.gatehouse.platform.http.IfMatch;
import io.gatehouse.platform.Problem;
import io.gatehouse.platform.http.ApiClient;
import io.gatehouse.testing.GatehouseServer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

class LastAdministratorIT {

    private static final String CHIEF = GatehouseServer.ADMINISTRATOR;
    private static final String PASSWORD = "seven bridges of ...";

    @Test
    void staysWhateverIsTried() {
        try (var server = GatehouseServer.start()) {
            var administrator = ApiClient.administrator(server);
            // None of these could take over: no member, not active, without a password.
            administrator.post("/groups", "{\"cn\": \"chiefs\", \"isAdministrator\": true}");
            administrator.post("/users", "{\"username\": \"waiting\", \"status\": \"pending\", \"password\": \"" + PASSWORD + "\", \"groups\": [\"chiefs\"]}");
            administrator.post("/users", "{\"username\": \"keyless\", \"groups\": [\"chiefs\"]}");

            for (var attempt : List.of(
                    administrator.post("/users/" + CHIEF + "/suspend", "{\"reason\": \"x\"}"),
                    administrator.delete("/users/" + CHIEF),
                    administrator.delete("/groups/sysadmins/members/" + CHIEF))) {
                assertThat(attempt.status()).as(attempt.text()).isEqualTo(409);
            }
            assertThat(administrator.get("/me").object()).containsEntry("status", "active").containsEntry("isAdministrator", true);
        }
    }

    @Test
    void mayGoOnceThereIsAnother() {
        try (var server = GatehouseServer.start()) {
            var administrator = ApiClient.administrator(server);
            administrator.post("/users", "{\"username\": \"heir\", \"password\": \"" + PASSWORD + "\", \"groups\": [\"sysadmins\"]}");

            assertThat(administrator.delete("/users/" + CHIEF).status()).isEqualTo(204);
            assertThat(ApiClient.user(server, "heir", PASSWORD).delete("/users/heir").status()).isEqualTo(409);
        }
    }

    @Test
    void staysInAGroupThatWouldLoseItsRoleOrItself() {
        try (var server = GatehouseServer.start()) {
            var administrator = ApiClient.administrator(server);
            administrator.post("/groups", "{\"cn\": \"chiefs\", \"isAdministrator\": true}");
            administrator.put("/groups/chiefs/members/" + CHIEF, null);
            assertThat(administrator.delete("/groups/sysadmins/members/" + CHIEF).status()).isEqualTo(204);

            assertThat(administrator.patch("/groups/chiefs", "{\"isAdministrator\": false}").status()).isEqualTo(409);
            assertThat(administrator.delete("/groups/chiefs").status()).isEqualTo(409);
            assertThat(administrator.patch("/groups/chiefs", "{\"description\": \"still\"}").status()).isEqualTo(200);
        }
    }

    @Test
    void isLeftWhenAllAreTakenAwayAtOnce() throws Exception {
        try (var server = GatehouseServer.start(); var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var administrator = ApiClient.administrator(server);
            var names = new ArrayList<>(List.of(CHIEF));
            for (int i = 0; i < 11; i++) {
                names.add("chief" + i);
                administrator.post("/users", "{\"username\": \"chief" + i + "\", \"password\": \"" + PASSWORD + "\", \"groups\": [\"sysadmins\"]}");
            }
            var users = server.bean(Users.class);
            var groups = server.bean(Groups.class);
            var attempts = new ArrayList<Callable<Boolean>>();
            for (int i = 0; i < names.size(); i++) {
                var name = names.get(i);
                attempts.add(switch (i % 3) {
                    case 0 -> () -> succeeds(() -> users.suspend(name, "all at once", null, IfMatch.ANY, Actor.SYSTEM));
                    case 1 -> () -> succeeds(() -> users.delete(name, IfMatch.ANY, Actor.SYSTEM));
                    default -> () -> succeeds(() -> groups.removeMember("sysadmins", name, Actor.SYSTEM));
                });
            }

            int succeeded = 0;
            for (var attempt : threads.invokeAll(attempts)) {
                succeeded += attempt.get() ? 1 : 0;
            }

            assertThat(succeeded).isEqualTo(names.size() - 1);
            int left = server.sql().withHandle(handle -> handle.createQuery("""
                    select count(*) from users join memberships using (uid_number)
                    where memberships.gid_number = 2001 and status = 'active'""").mapTo(int.class).one());
            assertThat(left).isEqualTo(1);
        }
    }

    private static boolean succeeds(Runnable attempt) {
        try {
            attempt.run();
            return true;
        } catch (Problem refused) {
            assertThat(refused.kind()).isEqualTo(Problem.Kind.CONFLICT);
            return false;
        }
    }
}
