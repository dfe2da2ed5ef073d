package io.gatehouse.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gatehouse.api.Document.Operation;
import io.gatehouse.testing.GatehouseServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every operation does what the document says of it: once when it is let, and once when it has to refuse. */
class ApiContractIT {

    private static final RecordedExamples EXAMPLES = new RecordedExamples();

    private static GatehouseServer server;
    private static Wire wire;
    private static World world;
    private static Samples samples;
    private static Document document;
    private static Contract contract;

    @BeforeAll
    static void start() {
        server = World.start();
        wire = new Wire(server);
        world = new World(server);
        samples = new Samples(world);
        document = Document.of(server);
        contract = new Contract(document);
    }

    /** What even administrators may not. */
    private static final Set<String> OF_AGENTS = Set.of("checkInAgent", "getSiteCertificate");

    @AfterAll
    static void stop() {
        EXAMPLES.writeIfAsked();
        wire.close();
        server.close();
    }

    /** Whoever may make the call: the owner where it is about oneself, the administrator elsewhere. */
    private static String caller(Operation operation, String owner, Sample sample) {
        if (OF_AGENTS.contains(operation.id())) {
            return world.agentKey(sample.path().get("siteId"));
        }
        return operation.path().startsWith("/api/v1/me") || operation.id().equals("logout") ? world.token(owner) : server.adminToken();
    }

    static Stream<String> operations() {
        return operationsThat(operation -> true);
    }

    static Stream<String> operationsWithABody() {
        return operationsThat(operation -> !operation.requestTypes().isEmpty());
    }

    static Stream<String> patches() {
        return operationsThat(operation -> operation.method().equals("PATCH"));
    }

    /** Without the documentation, health and meters beside it. */
    static Stream<String> operationsOfTheApiProper() {
        return operationsThat(operation -> operation.path().startsWith("/api/"));
    }

    static Stream<String> operationsWithAPathVariable() {
        return operationsThat(operation -> operation.path().contains("{"));
    }

    static Stream<String> operationsThatNeedCredentials() {
        return operationsThat(operation -> !operation.node().path("security").isEmpty());
    }

    private static Stream<String> operationsThat(Predicate<Operation> condition) {
        return document.operations().stream().filter(condition).map(Operation::id);
    }

    @ParameterizedTest
    @MethodSource("operations")
    void succeedsAsDescribed(String id) {
        var operation = document.operation(id);
        var owner = world.user();
        var sample = samples.of(id, owner);

        var answer = wire.send(operation, sample, caller(operation, owner, sample));

        assertThat(contract.breaches(operation, sample)).as("request %s of %s", sample, operation).isEmpty();
        assertThat(answer.statusCode()).as("%s%n%s%n%s", operation, sample, answer.body()).isBetween(200, 299);
        contract.check(operation, answer);
        EXAMPLES.add(operation, sample, answer);
    }

    @ParameterizedTest
    @MethodSource("operations")
    void everyBodyHasAnExample(String id) {
        var operation = document.operation(id);

        for (var content : operation.node().path("requestBody").path("content")) {
            assertThat(content.has("example")).as("request").isTrue();
        }
        operation.node().path("responses").properties().stream().filter(response -> response.getKey().startsWith("2")).forEach(response ->
                assertThat(response.getValue().path("content").properties()).filteredOn(content -> content.getKey().matches(".*[/+]json"))
                        .allSatisfy(content -> assertThat(content.getValue().has("example")).as("answer").isTrue()));
    }

    @ParameterizedTest
    @MethodSource("operations")
    void everyExampleIsAsDescribed(String id) {
        for (var part : List.of(document.operation(id).node().path("requestBody"), document.operation(id).node().path("responses"))) {
            for (var content : part.findParents("example")) {
                assertThat(contract.breaches(content.path("schema"), content.path("example"))).as(content.path("example").toString()).isEmpty();
            }
        }
    }

    @ParameterizedTest
    @MethodSource("operationsWithABody")
    void refusesWhatIsNotDescribedInTheBody(String id) {
        var operation = document.operation(id);
        var owner = world.user();
        var sample = samples.of(id, owner);
        ObjectNode body = sample.body().deepCopy();
        body.put("nonsense", 1);

        var answer = wire.send(operation, sample.sending(body), caller(operation, owner, sample));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
        assertThat(Contract.read(answer.body()).path("field").asText()).isEqualTo("nonsense");
        contract.check(operation, answer);
    }

    @ParameterizedTest
    @MethodSource("operationsWithABody")
    void refusesAFieldOfAnotherType(String id) {
        var operation = document.operation(id);
        var owner = world.user();
        var sample = samples.of(id, owner);
        document.resolve(operation.requestSchema(operation.requestTypes().getFirst())).path("properties").fieldNames().forEachRemaining(field -> {
            ObjectNode body = sample.body().deepCopy();
            if (body.path(field).isObject()) {
                body.put(field, 1);
            } else {
                body.putObject(field).put("nonsense", 1);
            }

            var answer = wire.send(operation, sample.sending(body), caller(operation, owner, sample));

            assertThat(answer.statusCode()).as("%s %s", field, answer.body()).isEqualTo(422);
            assertThat(Contract.read(answer.body()).path("field").asText()).startsWith(field);
            assertThat(Contract.read(answer.body()).path("detail").asText()).doesNotStartWith("There is no such field");
            contract.check(operation, answer);
        });
    }

    @ParameterizedTest
    @MethodSource("operationsWithABody")
    void refusesWhatIsOutsideOfTheDescribedBounds(String id) {
        var operation = document.operation(id);
        var schema = document.resolve(operation.requestSchema(operation.requestTypes().getFirst()));
        schema.path("properties").properties().forEach(property -> {
            for (var value : outside(document.resolve(property.getValue()))) {
                refuses(operation, property.getKey(), body -> body.set(property.getKey(), value));
            }
        });
        schema.path("required").forEach(field -> refuses(operation, field.asText(), body -> body.remove(field.asText())));
    }

    private static List<JsonNode> outside(JsonNode schema) {
        var values = new ArrayList<JsonNode>();
        var json = JsonNodeFactory.instance;
        if (schema.has("enum") || schema.has("pattern")) {
            values.add(json.textNode("!"));
        }
        if (schema.has("minLength")) {
            values.add(json.textNode(""));
        }
        if (schema.has("maxLength")) {
            values.add(json.textNode("x".repeat(schema.path("maxLength").asInt() + 1)));
        }
        if (schema.has("minimum")) {
            values.add(json.numberNode(schema.path("minimum").asInt() - 1));
        }
        if (schema.has("maximum")) {
            values.add(json.numberNode(schema.path("maximum").asInt() + 1));
        }
        if (schema.has("type") && !isNullable(schema)) {
            values.add(json.nullNode());
        }
        return values;
    }

    private static boolean isNullable(JsonNode schema) {
        return schema.path("type").isArray() && schema.path("type").valueStream().anyMatch(type -> type.asText().equals("null"));
    }

    private static void refuses(Operation operation, String field, Consumer<ObjectNode> change) {
        var owner = world.user();
        var sample = samples.of(operation.id(), owner);
        ObjectNode body = sample.body().deepCopy();
        change.accept(body);

        var answer = wire.send(operation, sample.sending(body), caller(operation, owner, sample));

        assertThat(answer.statusCode()).as("%s %s%n%s", field, body, answer.body()).isEqualTo(422);
        assertThat(Contract.read(answer.body()).path("field").asText()).as("%s%n%s", body, answer.body()).startsWith(field);
        contract.check(operation, answer);
    }

    @ParameterizedTest
    @MethodSource("patches")
    void takesNullWhereThePatchIsDescribedToTakeIt(String id) {
        var operation = document.operation(id);
        var schema = document.resolve(operation.requestSchema(operation.requestTypes().getFirst()));
        schema.path("properties").properties().stream().filter(property -> isNullable(document.resolve(property.getValue()))).forEach(property -> {
            var sample = samples.of(id, world.user());

            var answer = wire.send(operation, sample.sending("{\"" + property.getKey() + "\": null}"), server.adminToken());

            // Other fields may still need it, or be of another kind.
            assertThat(answer.statusCode()).as("%s%n%s", property, answer.body()).isIn(200, 422);
            assertThat(answer.body()).doesNotContain("A value is needed", "A text is needed");
            contract.check(operation, answer);
        });
    }

    @ParameterizedTest
    @MethodSource("operationsWithABody")
    void refusesABodyOfAnotherMediaType(String id) {
        var operation = document.operation(id);
        var owner = world.user();

        var sample = samples.of(id, owner);

        var answer = wire.send(operation, sample, caller(operation, owner, sample), "text/csv");

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(415);
        contract.check(operation, answer);
    }

    @ParameterizedTest
    @MethodSource("operationsOfTheApiProper")
    void refusesWhatIsNotDescribedInTheQuery(String id) {
        var operation = document.operation(id);
        var owner = world.user();

        var sample = samples.of(id, owner);

        var answer = wire.send(operation, sample.asking("nonsense", "1"), caller(operation, owner, sample));

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(422);
        assertThat(Contract.read(answer.body()).path("field").asText()).isEqualTo("nonsense");
        contract.check(operation, answer);
    }

    @ParameterizedTest
    @MethodSource("operationsWithAPathVariable")
    void refusesWhatIsNotThere(String id) {
        var operation = document.operation(id);
        var owner = world.user();
        var sample = samples.of(id, owner);
        for (var variable : sample.path().entrySet()) {
            var answer = wire.send(operation, sample.at(variable.getKey(), "987654321"), caller(operation, owner, sample));

            assertThat(answer.statusCode()).as("%s %s", variable, answer.body()).isEqualTo(
                    id.equals("getHealthOf") ? 422 : OF_AGENTS.contains(id) && variable.getKey().equals("siteId") ? 403 : 404);
            contract.check(operation, answer);
        }
    }

    @ParameterizedTest
    @MethodSource("operationsThatNeedCredentials")
    void refusesNobody(String id) {
        var operation = document.operation(id);
        var owner = world.user();

        var answer = wire.send(operation, samples.of(id, owner), null);

        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(401);
        contract.check(operation, answer);
    }
}
