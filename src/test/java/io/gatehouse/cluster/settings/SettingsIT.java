package io.gatehouse.cluster.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.gatehouse.platform.http.Answer;
import io.gatehouse.platform.http.ApiClient;
import io.gatehouse.platform.settings.Setting;
import io.gatehouse.platform.settings.Settings;
import io.gatehouse.testing.AtOnce;
import io.gatehouse.testing.GatehouseServer;
import io.gatehouse.testing.TestPostgres;
import java.util.Arrays;
import java.util.Map;
import org.jdbi.v3.core.JdbiException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SettingsIT {

    private static final int CALLERS = 50;
    private static final String MASTER_KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";

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

    @BeforeEach
    void defaults() {
        var nulls = Setting.ALL.stream().map(setting -> "\"" + setting.key() + "\": null").reduce((one, other) -> one + ", " + other).orElseThrow();
        assertThat(administrator.patch("/settings", "{" + nulls + "}").status()).isEqualTo(200);
    }

    @Test
    void haveDefaults() {
        var all = administrator.get("/settings");

        assertThat(all.items()).extracting(setting -> (String) setting.get("key")).isSorted()
                .containsExactlyElementsOf(Setting.ALL.stream().map(Setting::key).toList());
        assertThat(administrator.get("/settings/tcp_port_range").object()).containsEntry("value", "2000-2999").containsEntry("default", "2000-2999")
                .containsEntry("type", "port-range").containsEntry("updatedAt", null).containsEntry("updatedBy", null)
                .containsEntry("revision", 0L).containsKey("description");
        assertThat(administrator.get("/settings?keys=udp_port_range,push_notification_url").items()).extracting(setting -> setting.get("key"))
                .containsExactly("udp_port_range", "push_notification_url");
    }

    @Test
    void areInForceWhenTheAnswerArrivesAndGoBackToTheirDefaults() {
        var settings = server.bean(Settings.class);

        var set = administrator.put("/settings/tcp_port_range", "{\"value\": \"3000-3009\"}");
        assertThat(set.status()).isEqualTo(200);
        assertThat(set.object()).containsEntry("value", "3000-3009").containsEntry("updatedBy", GatehouseServer.ADMINISTRATOR);
        assertThat(settings.get(Setting.TCP_PORT_RANGE)).hasToString("3000-3009");
        assertThat(settings.get(Setting.UDP_PORT_RANGE)).hasToString("2000-2999");

        assertThat(administrator.delete("/settings/tcp_port_range").status()).isEqualTo(204);
        assertThat(settings.get(Setting.TCP_PORT_RANGE)).hasToString("2000-2999");
        assertThat(administrator.get("/settings/tcp_port_range").at("updatedAt")).isNull();
        assertThat(administrator.delete("/settings/tcp_port_range").status()).isEqualTo(204);
    }

    @Test
    void changeOnOtherNodesAsWell() {
        var database = TestPostgres.freshDatabase();
        try (var one = GatehouseServer.with("gatehouse.master-key", MASTER_KEY).on(database).start();
             var other = GatehouseServer.with("gatehouse.master-key", MASTER_KEY).on(database).start()) {
            ApiClient.administrator(one).put("/settings/udp_port_range", "{\"value\": \"4000-4001\"}");
            // What the other node writes itself comes after what it is told of: its own change brings the first one with it.
            ApiClient.administrator(other).put("/settings/tcp_port_range", "{\"value\": \"5000-5001\"}");

            assertThat(other.bean(Settings.class).get(Setting.UDP_PORT_RANGE)).hasToString("4000-4001");
        }
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', value = {
            "tcp_port_range | \"\"", "tcp_port_range | \"0-1\"", "udp_port_range | \"2-1\"", "udp_port_range | \"1-70000\"", "tcp_port_range | \"a\\nb\"",
            "push_notification_url | \"push.example\"", "push_notification_url | \"https://user:hush@push.example\"", "push_notification_url | \"https://x/?hush\"",
            "push_notification_url | \"x'; drop table settings; --\"", "push_notification_api_key | \"hush hush\"", "push_notification_api_key | \"hushed\\u00e9\"", "push_notification_client_id | \"a b\"",
            "push_notification_enabled | \"maybe\"", "push_notification_enabled | true",
            "invitation_lifetime | \"4m\"", "invitation_lifetime | \"31d\"", "invitation_lifetime | \"1.5h\"", "invitation_lifetime | \"24\"",
            "invitation_lifetime | \"PT1H\"", "password_reset_lifetime | \"25h\"", "password_reset_lifetime | \"-1h\"", "registration_lifetime | \"366d\"", "registration_open | \"\"",
            "tcp_port_range | 2000", "tcp_port_range | null", "tcp_port_range | {}", "tcp_port_range | []"})
    void refuseWhatIsNotOfTheirType(String key, String value) {
        var before = administrator.get("/settings").text();

        var answer = administrator.put("/settings/" + key, "{\"value\": " + value + "}");

        assertThat(answer.status()).as(answer.text()).isEqualTo(422);
        assertThat(answer.at("field")).isEqualTo("value");
        assertThat(answer.text()).doesNotContain("hush");
        assertThat(administrator.get("/settings").text()).isEqualTo(before);
    }

    @Test
    void refuseUnknownKeysAndNameTheKnownOnes() {
        for (var answer : new Answer[] {administrator.get("/settings/smtp"), administrator.put("/settings/smtp", "{\"value\": \"x\"}"),
                administrator.delete("/settings/smtp"), administrator.get("/settings/TCP_PORT_RANGE"), administrator.get("/settings/%0A")}) {
            assertThat(answer.status()).as(answer.text()).isEqualTo(404);
            assertThat(answer.textAt("detail")).contains("tcp_port_range", "push_notification_url");
        }
        assertThat(administrator.get("/settings?keys=tcp_port_range,smtp").at("field")).isEqualTo("keys");
        assertThat(administrator.get("/settings?keys=").status()).isEqualTo(422);
        assertThat(administrator.get("/settings?key=tcp_port_range").status()).isEqualTo(422);
        var patch = administrator.patch("/settings", "{\"tcp_port_range\": \"7000-7001\", \"smtp\": \"x\"}");
        assertThat(patch.status()).isEqualTo(422);
        assertThat(patch.at("field")).isEqualTo("smtp");
        assertThat(administrator.get("/settings/tcp_port_range").at("value")).isEqualTo("2000-2999");
    }

    @Test
    void changeTogetherOrNotAtAll() {
        var refused = administrator.patch("/settings", "{\"tcp_port_range\": \"7000-7001\", \"udp_port_range\": \"x\"}");
        assertThat(refused.status()).isEqualTo(422);
        assertThat(refused.at("field")).isEqualTo("udp_port_range");
        assertThat(administrator.get("/settings/tcp_port_range").at("value")).isEqualTo("2000-2999");

        var both = administrator.patch("/settings", "{\"push_notification_enabled\": \"true\", \"push_notification_url\": \"https://push.example\"}");
        assertThat(both.status()).as(both.text()).isEqualTo(200);
        assertThat(both.items()).filteredOn(setting -> setting.get("updatedBy") != null).extracting(setting -> setting.get("value"))
                .containsExactly("true", "https://push.example");
    }

    @Test
    void pushNotificationsNeedAnAddressWhileTheyAreEnabled() {
        var enabled = administrator.put("/settings/push_notification_enabled", "{\"value\": \"true\"}");
        assertThat(enabled.status()).isEqualTo(409);
        assertThat(enabled.at("field")).isEqualTo("push_notification_url");
        assertThat(administrator.get("/settings/push_notification_enabled").at("value")).isEqualTo("false");

        assertThat(administrator.put("/settings/push_notification_url", "{\"value\": \"https://push.example\"}").status()).isEqualTo(200);
        assertThat(administrator.put("/settings/push_notification_enabled", "{\"value\": \"true\"}").status()).isEqualTo(200);
        assertThat(administrator.put("/settings/push_notification_url", "{\"value\": \"\"}").status()).isEqualTo(409);
        assertThat(administrator.delete("/settings/push_notification_url").status()).isEqualTo(409);
        assertThat(administrator.patch("/settings", "{\"push_notification_url\": null}").status()).isEqualTo(409);
        assertThat(administrator.get("/settings/push_notification_url").at("value")).isEqualTo("https://push.example");
    }

    @Test
    void secretsAreKeptEncryptedAndNeverShown() {
        var set = administrator.put("/settings/push_notification_api_key", "{\"value\": \"correct-horse\"}");

        assertThat(set.status()).as(set.text()).isEqualTo(200);
        assertThat(set.object()).containsEntry("value", null).containsEntry("secret", true).containsEntry("updatedBy", GatehouseServer.ADMINISTRATOR);
        assertThat(server.bean(Settings.class).get(Setting.PUSH_NOTIFICATION_API_KEY)).contains("correct-horse");
        assertThat(administrator.get("/settings").text()).doesNotContain("correct-horse");
        var stored = server.sql().withHandle(handle -> handle.createQuery("""
                select value from settings where key = 'push_notification_api_key'
                union all select detail::text from audit_events where target = 'setting:push_notification_api_key'""").mapTo(String.class).list());
        assertThat(stored).hasSize(2).noneMatch(text -> text.contains("correct-horse"));
        assertThat(administrator.delete("/settings/push_notification_api_key").status()).isEqualTo(204);
        assertThat(server.bean(Settings.class).get(Setting.PUSH_NOTIFICATION_API_KEY)).isEmpty();
    }

    @Test
    void pushNotificationsNeverLoseTheirAddressInARace() throws Exception {
        for (int round = 0; round < 5; round++) {
            administrator.patch("/settings", "{\"push_notification_enabled\": \"false\", \"push_notification_url\": \"https://push.example\"}");

            var answers = AtOnce.call(CALLERS, i -> i % 2 == 0
                    ? administrator.put("/settings/push_notification_enabled", "{\"value\": \"true\"}")
                    : administrator.delete("/settings/push_notification_url"));

            assertThat(answers).extracting(Answer::status).isSubsetOf(200, 204, 409);
            boolean enabled = administrator.get("/settings/push_notification_enabled").at("value").equals("true");
            boolean addressed = !administrator.get("/settings/push_notification_url").at("value").equals("");
            assertThat(enabled && !addressed).isFalse();
            assertThat(enabled || !addressed).as("one of the two went first").isTrue();
        }
    }

    @Test
    void areNotOverwrittenUnseen() throws Exception {
        administrator.put("/settings/tcp_port_range", "{\"value\": \"1000-1000\"}");

        AtOnce.call(CALLERS, i -> {
            for (int attempt = 0; attempt < 1000; attempt++) {
                var read = administrator.get("/settings/tcp_port_range");
                int last = Integer.parseInt(read.textAt("value").split("-")[1]);
                var written = administrator.send("PUT", "/settings/tcp_port_range", "{\"value\": \"1000-" + (last + 1) + "\"}",
                        Map.of("If-Match", read.header("ETag")));
                if (written.status() == 200) {
                    return null;
                }
                assertThat(written.status()).isEqualTo(412);
            }
            throw new AssertionError("never got through");
        });

        assertThat(administrator.get("/settings/tcp_port_range").at("value")).isEqualTo("1000-" + (1000 + CALLERS));
    }

    @Test
    void recordWhatChangedAndNothingElse() {
        long before = events();

        var set = administrator.put("/settings/udp_port_range", "{\"value\": \"6000-6001\"}");
        var again = administrator.put("/settings/udp_port_range", "{\"value\": \"6000-6001\"}");

        assertThat(again.header("ETag")).isEqualTo(set.header("ETag"));
        assertThat(events()).isEqualTo(before + 1);
        var event = server.sql().withHandle(handle -> handle.createQuery("""
                select action || ' ' || target || ' ' || (detail #>> '{changes,value,before}') || ' ' || (detail #>> '{changes,value,after}')
                from audit_events order by id desc limit 1""").mapTo(String.class).one());
        assertThat(event).isEqualTo("cluster.setting.changed setting:udp_port_range 2000-2999 6000-6001");
    }

    @ParameterizedTest
    @ValueSource(strings = {
            "insert into settings (key, value, updated_by) values ('tcp_port_range', '0-1', 'x')",
            "insert into settings (key, value, updated_by) values ('udp_port_range', '2-1', 'x')",
            "insert into settings (key, value, updated_by) values ('udp_port_range', '1-65536', 'x')",
            "insert into settings (key, value, updated_by) values ('tcp_port_range', '1-99999999999999', 'x')",
            "insert into settings (key, value, updated_by) values ('push_notification_enabled', 'yes', 'x')",
            "insert into settings (key, value, updated_by) values ('push_notification_enabled', 'true', 'x')",
            "insert into settings (key, value, updated_by) values ('push_notification_url', 'ftp://x', 'x')",
            "insert into settings (key, value, updated_by) values ('push_notification_client_id', 'a b', 'x')",
            "insert into settings (key, value, updated_by) values ('Bad Key', '', 'x')",
            "insert into settings (key, value, updated_by) values ('long', repeat('x', 8193), 'x')"})
    void areCheckedByTheDatabaseAsWell(String sql) {
        assertThatThrownBy(() -> server.sql().useTransaction(handle -> handle.execute(sql))).isInstanceOf(JdbiException.class);
    }

    @Test
    void theRequestToChangeSeveralHasOneFieldForEach() {
        assertThat(Arrays.stream(NewSettings.class.getRecordComponents())
                .map(part -> part.getAccessor().getAnnotation(JsonProperty.class).value()).toList())
                .containsExactlyElementsOf(Setting.ALL.stream().map(Setting::key).toList());
    }

    private static long events() {
        return server.sql().withHandle(handle -> handle.createQuery("select count(*) from audit_events where action like 'cluster.setting.%'")
                .mapTo(long.class).one());
    }
}
