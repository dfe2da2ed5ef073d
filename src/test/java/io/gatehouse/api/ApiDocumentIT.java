package io.gatehouse.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.gatehouse.api.Document.Operation;
import io.gatehouse.testing.GatehouseServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class ApiDocumentIT {

    private static GatehouseServer server;
    private static Document document;

    @BeforeAll
    static void start() {
        server = GatehouseServer.start();
        document = Document.of(server);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void describesEveryRouteAndNoOther() {
        assertThat(document.operations()).extracting(Operation::name).containsExactlyInAnyOrderElementsOf(Routes.of(server));
    }

    @Test
    void operationsHaveNamesThatMakeGoodMethods() {
        assertThat(document.operations()).extracting(Operation::id).doesNotHaveDuplicates()
                .allSatisfy(id -> assertThat(id).matches("[a-z]+([A-Z][a-z]+)*").doesNotContain("_"));
    }

    @Test
    void everyOperationTellsWhatItDoesAndWhereItBelongs() {
        var tags = Stream.of(document.root().path("tags")).flatMap(all -> all.valueStream()).map(tag -> tag.path("name").asText()).toList();

        assertThat(document.operations()).allSatisfy(operation -> {
            assertThat(operation.node().path("summary").asText()).isNotBlank();
            assertThat(operation.node().path("tags")).hasSize(1).allSatisfy(tag -> assertThat(tags).contains(tag.asText()));
        });
    }

    @Test
    void schemasHaveNullAmongTheirValuesJustWhereTheyTakeIt() {
        assertThat(document.root().findParents("enum")).isNotEmpty().allSatisfy(schema ->
                assertThat(schema.path("enum").valueStream().anyMatch(JsonNode::isNull)).as(schema.toString()).isEqualTo(schema.path("type").isArray()));
        assertThat(document.root().findParents("allowableValues")).as("what is no word of JSON Schema").isEmpty();
    }

    @Test
    void everyReferenceLeadsSomewhere() {
        var references = document.root().findValuesAsText("$ref");

        assertThat(references).isNotEmpty().allSatisfy(reference ->
                assertThat(document.root().at(reference.substring(1)).isMissingNode()).as(reference).isFalse());
    }

    @Test
    void tellsItsVersions() {
        assertThat(document.root().path("openapi").asText()).startsWith("3.1");
        assertThat(document.root().path("info").path("version").asText()).matches("\\d+\\.\\d+\\.\\d+.*");
    }

    @Test
    void isNotSentAgainToWhoeverHasIt() throws Exception {
        var first = get("/openapi.yaml");
        var tag = first.headers().firstValue("ETag").orElseThrow();

        var second = get("/openapi.yaml", "If-None-Match", tag);

        assertThat(first.headers().firstValue("Content-Type")).hasValue("application/yaml");
        assertThat(second.statusCode()).isEqualTo(304);
        assertThat(second.body()).isEmpty();
        assertThat(get("/openapi.yaml", "If-None-Match", "\"other\"").statusCode()).isEqualTo(200);
    }

    @Test
    void thePageAndAllOfItsPartsComeFromHere() throws Exception {
        var page = get("/docs");
        var parts = Pattern.compile("(?:src|href)=\"([^\"]+)\"").matcher(page.body()).results().map(match -> match.group(1)).toList();

        assertThat(page.statusCode()).isEqualTo(200);
        assertThat(page.body()).doesNotContainPattern("<script(?! src=)");
        assertThat(parts).hasSizeGreaterThan(3).allSatisfy(part -> {
            assertThat(part).startsWith("/docs/");
            assertThat(get(part).statusCode()).as(part).isEqualTo(200);
        });
        assertThat(get("/docs/start.js").body()).contains("url: '/openapi.yaml'");
        assertThat(get("/docs/start.js").headers().firstValue("Content-Type")).hasValue("text/javascript");
        assertThat(get("/docs/swagger-ui.css").headers().firstValue("Content-Type")).hasValue("text/css");
    }

    @Test
    void thePageRunsItsOwnScriptsOnly() throws Exception {
        for (var path : List.of("/docs", "/docs/start.js")) {
            assertThat(get(path).headers().allValues("Content-Security-Policy")).hasSize(1).first().asString()
                    .contains("default-src 'none'", "script-src 'self';", "connect-src 'self'", "frame-ancestors 'none'");
        }
    }

    @Test
    void onlyThePartsOfThePageAreServed() throws Exception {
        for (var path : List.of("/docs/shared.yml", "/docs/..%2Fapplication.yml", "/docs/swagger-ui.js", "/docs/pom.properties")) {
            assertThat(get(path).statusCode()).as(path).isEqualTo(404);
        }
    }

    private static HttpResponse<String> get(String path, String... headers) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(server.httpUrl() + path));
        if (headers.length > 0) {
            request.headers(headers);
        }
        try (var http = HttpClient.newHttpClient()) {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        }
    }
}
