package io.gatehouse.gateway.agents;

import static io.gatehouse.gateway.agents.TestSite.done;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.platform.http.ApiClient;
import io.gatehouse.testing.GatehouseServer;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What agents tell of themselves, and what is shown of it. */
class CheckInIT {

    private static GatehouseServer server;
    private static ApiClient administrator;

    @BeforeAll
    static void start() {
        server = GatehouseServer.start();
        administrator = ApiClient.administrator(server);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void tellsWhoIsCurrentBehindFailingAndSilent() {
        var site = new TestSite(server);
        var agent = site.agent();
        var present = agent.get("/sites/" + site.id() + "/bundle").header("ETag").replace("\"", "");

        done(agent.post(checkIn(site), says("current", present, "applied")), 204);
        done(agent.post(checkIn(site), says("behind", "0".repeat(64), "applied")), 204);
        done(agent.post(checkIn(site), says("failing", present, "failed")), 204);
        done(agent.post(checkIn(site), says("silent", present, "applied")), 204);
        server.sql().useHandle(handle -> handle.execute("update agents set seen_at = now() - interval '6 minutes' where host = 'silent'"));

        var all = administrator.get("/sites/" + site.id() + "/agents").items();
        assertThat(all).extracting(item -> item.get("host") + " is " + item.get("state"))
                .containsExactly("behind is behind", "current is current", "failing is failing", "silent is silent");
        for (var state : AgentState.values()) {
            assertThat(administrator.get("/agents?siteId=" + site.id() + "&state=" + state.text()).items())
                    .singleElement().satisfies(item -> assertThat(item).containsEntry("host", state.text()));
        }
        assertThat(administrator.get("/agents?state=lost").status()).isEqualTo(422);
    }

    @Test
    void keepsWhatWasSaidPrintableAndShort() {
        var site = new TestSite(server);
        done(site.agent().post(checkIn(site), """
                {"host": "GW.example", "agentVersion": "1\\u001b[31m", "result": "failed", "nginxError": "one\\ttwo\\n\\u0007three%s",
                 "leftOut": [{"what": "nginx/http/1.conf", "reason": "\\u202eno"}]}""".formatted("x".repeat(10_000))), 204);

        var shown = administrator.get("/agents?siteId=" + site.id()).items().getFirst();

        assertThat(shown).containsEntry("host", "gw.example").containsEntry("agentVersion", "1�[31m");
        assertThat(shown.get("nginxError").toString()).startsWith("one two\n�three").hasSizeLessThan(5_000);
        assertThat(shown.get("leftOut").toString()).contains("�no");
    }

    @Test
    void refusesWhatIsNoCheckIn() {
        var site = new TestSite(server);
        var agent = site.agent();
        for (var wrong : Map.of("host", "{\"host\": \"a b\", \"agentVersion\": \"1\", \"result\": \"applied\"}",
                "agentVersion", "{\"host\": \"a\", \"result\": \"applied\"}",
                "result", "{\"host\": \"a\", \"agentVersion\": \"1\", \"result\": \"maybe\"}",
                "applied", "{\"host\": \"a\", \"agentVersion\": \"1\", \"result\": \"applied\", \"applied\": \"new\"}").entrySet()) {
            assertThat(done(agent.post(checkIn(site), wrong.getValue()), 422).textAt("field")).isEqualTo(wrong.getKey());
        }
        assertThat(administrator.get("/agents?siteId=" + site.id()).items()).isEmpty();
    }

    @Test
    void onlyNewsIsAnEvent() {
        var site = new TestSite(server);
        var agent = site.agent();
        for (var result : new String[] {"applied", "applied", "failed", "failed", "applied", "applied"}) {
            done(agent.post(checkIn(site), says("gw" + site.id(), null, result)), 204);
        }

        var events = administrator.get("/audit?target=agent:gw" + site.id()).items();

        assertThat(events).extracting(event -> event.get("action"))
                .containsExactlyInAnyOrder("gateway.agent.first-seen", "gateway.agent.failing", "gateway.agent.recovered");
        assertThat(events.toString()).contains("agent");
    }

    @Test
    void isForgottenAndThereAgain() {
        var site = new TestSite(server);
        var agent = site.agent();
        done(agent.post(checkIn(site), says("forgotten", null, "applied")), 204);
        var id = administrator.get("/agents?siteId=" + site.id()).items().getFirst().get("id").toString();

        done(administrator.delete("/agents/" + id), 204);
        assertThat(administrator.get("/agents?siteId=" + site.id()).items()).isEmpty();
        assertThat(administrator.delete("/agents/" + id).status()).isEqualTo(404);

        done(agent.post(checkIn(site), says("forgotten", null, "applied")), 204);
        assertThat(administrator.get("/agents?siteId=" + site.id()).items()).hasSize(1);
    }

    private static String checkIn(TestSite site) {
        return "/sites/" + site.id() + "/agents/checkin";
    }

    private static String says(String host, String applied, String result) {
        return """
                {"host": "%s", "agentVersion": "1", "applied": %s, "result": "%s"}"""
                .formatted(host, applied == null ? null : '"' + applied + '"', result);
    }
}
