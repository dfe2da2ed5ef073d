package io.gatehouse.identity;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.platform.http.Answer;
import io.gatehouse.platform.http.ApiClient;
import io.gatehouse.testing.AtOnce;
import io.gatehouse.testing.GatehouseServer;
import io.gatehouse.testing.TestPostgres;
import java.util.List;
import java.util.Locale;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/** Fifty callers at once, half of them at another node on the same database. */
class ConcurrencyIT {

    private static final int CALLERS = 50;
    private static final String MASTER_KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
    private static final String PASSWORD = "seven bridges of ...";

    @Test
    void givesEverybodyANumberOfTheirOwn() throws Exception {
        onTwoNodes(true, nodes -> {
            var answers = atOnce(i -> administrators(nodes).get(i % 2).post("/users", "{\"username\": \"user" + i + "\"}"));

            assertThat(answers).extracting(Answer::status).containsOnly(201);
            assertThat(answers).extracting(answer -> answer.at("uidNumber")).doesNotHaveDuplicates();
        });
    }

    @Test
    void givesANameToOneOnlyAndWastesNoNumbers() throws Exception {
        onTwoNodes(true, nodes -> {
            var answers = atOnce(i -> administrators(nodes).get(i % 2)
                    .post("/users", "{\"username\": \"wanted\", \"mail\": \"wanted" + i + "@example.org\"}"));

            assertThat(answers).extracting(Answer::status).containsOnly(201, 409).containsOnlyOnce(201);
            var next = administrators(nodes).getFirst().post("/users", "{\"username\": \"next\"}");
            var winner = answers.stream().filter(answer -> answer.status() == 201).findFirst().orElseThrow();
            assertThat((Long) next.at("uidNumber")).isEqualTo((Long) winner.at("uidNumber") + 1);
        });
    }

    @Test
    void givesAMailAddressToOneOnly() throws Exception {
        onTwoNodes(true, nodes -> {
            for (int i = 0; i < 10; i++) {
                administrators(nodes).getFirst().post("/users", "{\"username\": \"user" + i + "\"}");
            }

            var answers = atOnce(i -> i < 10
                    ? administrators(nodes).get(i % 2).patch("/users/user" + i, "{\"mail\": \"Wanted@example.org\"}")
                    : administrators(nodes).get(i % 2).post("/users", "{\"username\": \"user" + i + "\", \"mail\": \"wanted@Example.org\"}"));

            assertThat(answers).filteredOn(answer -> answer.status() != 409).singleElement()
                    .extracting(answer -> answer.textAt("mail").toLowerCase(Locale.ROOT)).isEqualTo("wanted@example.org");
        });
    }

    @Test
    void makesOneFirstUser() throws Exception {
        onTwoNodes(false, nodes -> {
            var token = nodes.getFirst().bootstrapToken();
            assertThat(nodes.getLast().bootstrapToken()).isEqualTo(token);

            var answers = atOnce(i -> ApiClient.anonymous(nodes.get(i % 2)).post("/auth/register", """
                    {"username": "user%d", "password": "%s", "bootstrapToken": "%s"}""".formatted(i, PASSWORD, token)));

            assertThat(answers).extracting(Answer::status).containsOnly(201, 403).containsOnlyOnce(201);
            int users = nodes.getFirst().sql().withHandle(handle -> handle.createQuery("select count(*) from users").mapTo(int.class).one());
            assertThat(users).isEqualTo(1);
        });
    }

    private interface Trial {
        void with(List<GatehouseServer> nodes) throws Exception;
    }

    private static void onTwoNodes(boolean withAdministrator, Trial trial) throws Exception {
        var database = TestPostgres.freshDatabase();
        try (var one = node(database, withAdministrator); var other = node(database, withAdministrator)) {
            trial.with(List.of(one, other));
        }
    }

    private static GatehouseServer node(TestPostgres.TestDatabase database, boolean withAdministrator) {
        var builder = GatehouseServer.with("gatehouse.master-key", MASTER_KEY).on(database);
        return (withAdministrator ? builder : builder.with("gatehouse.admin-username", "")).start();
    }

    private static List<ApiClient> administrators(List<GatehouseServer> nodes) {
        return nodes.stream().map(ApiClient::administrator).toList();
    }

    private static List<Answer> atOnce(IntFunction<Answer> call) throws Exception {
        return AtOnce.call(CALLERS, call);
    }
}
