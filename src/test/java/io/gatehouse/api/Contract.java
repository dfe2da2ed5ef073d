package io.gatehouse.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import io.gatehouse.api.Document.Operation;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** What the document promises of requests and answers, to the letter: what it does not describe is a breach. */
final class Contract {

    /** Headers that belong to HTTP itself, or go with every answer of the server whatever it is (docs/security.md). */
    private static final Set<String> UNDESCRIBED = Set.of("content-type", "content-length", "transfer-encoding", "connection", "date", "vary",
            "cache-control", "content-security-policy", "x-content-type-options", "referrer-policy", "x-frame-options",
            "cross-origin-resource-policy", "cross-origin-opener-policy", "permissions-policy", "strict-transport-security");

    private final Document document;
    private final ObjectNode components;
    private final Map<String, Schema> schemas = new ConcurrentHashMap<>();
    private final SchemaRegistry registry = SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12,
            builder -> builder.schemaRegistryConfig(SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build()));

    Contract(Document document) {
        this.document = document;
        components = document.root().path("components").deepCopy();
        components.path("schemas").forEach(Contract::close);
    }

    private static void close(JsonNode schema) {
        if (schema instanceof ObjectNode object && object.has("properties") && !object.has("additionalProperties")) {
            object.put("additionalProperties", false);
        }
    }

    /** @return what is wrong about a request; nothing if it is as described */
    List<String> breaches(Operation operation, Sample sample) {
        var breaches = new ArrayList<String>();
        parameters(operation, "path", sample.path(), breaches);
        parameters(operation, "query", sample.query(), breaches);
        parameters(operation, "header", sample.headers(), breaches);
        if (operation.requestTypes().isEmpty() != (sample.body() == null)) {
            breaches.add(sample.body() == null ? "there is no body" : "there is a body");
        } else if (sample.body() != null) {
            breaches.addAll(breaches(operation.requestSchema(operation.requestTypes().getFirst()), sample.body()));
        }
        return breaches;
    }

    private void parameters(Operation operation, String in, Map<String, String> values, List<String> breaches) {
        var described = operation.parameters(in).toList();
        for (var parameter : described) {
            var value = values.get(parameter.path("name").asText());
            if (value == null && parameter.path("required").asBoolean()) {
                breaches.add(in + " parameter " + parameter.path("name") + " is missing");
            } else if (value != null) {
                breaches(parameter.path("schema"), typed(parameter.path("schema"), value))
                        .forEach(breach -> breaches.add(parameter.path("name") + ": " + breach));
            }
        }
        values.keySet().stream().filter(name -> described.stream().noneMatch(parameter -> parameter.path("name").asText().equals(name)))
                .forEach(name -> breaches.add(in + " parameter " + name + " is not described"));
    }

    private JsonNode typed(JsonNode schema, String value) {
        var type = document.resolve(schema).path("type").asText();
        return switch (type) {
            case "integer", "boolean" -> read(value);
            default -> Sample.JSON.getNodeFactory().textNode(value);
        };
    }

    void check(Operation operation, HttpResponse<String> answer) {
        var received = new Received(answer.statusCode(), answer.headers(), answer.body());
        assertThat(breaches(operation, received)).as("%s answered %s", operation, received).isEmpty();
    }

    /** @return what is wrong about an answer; nothing if it is as described */
    List<String> breaches(Operation operation, Received answer) {
        var described = operation.response(answer.status());
        if (described.isMissingNode()) {
            return List.of("the status " + answer.status() + " is not described");
        }
        var breaches = new ArrayList<String>();
        headers(described, answer, breaches);
        body(described, answer, breaches);
        return breaches;
    }

    /** @return what is wrong about a refusal, whatever was asked for */
    List<String> problemBreaches(Received answer) {
        if (!answer.headers().firstValue("content-type").orElse("").startsWith("application/problem+json")) {
            return List.of("it is no problem document");
        }
        var problem = read(answer.body());
        var breaches = new ArrayList<>(breaches(components.path("schemas").path("Problem"), problem));
        if (problem.path("status").asInt() != answer.status()) {
            breaches.add("the problem is of another status");
        }
        return breaches;
    }

    private void headers(JsonNode described, Received answer, List<String> breaches) {
        var known = described.path("headers").properties();
        known.forEach(header -> {
            var description = document.resolve(header.getValue());
            var values = answer.headers().allValues(header.getKey());
            if (values.size() > 1 || values.isEmpty() && description.path("required").asBoolean()) {
                breaches.add("header " + header.getKey() + " is there " + values.size() + " times");
            }
            values.forEach(value -> breaches(description.path("schema"), Sample.JSON.getNodeFactory().textNode(value))
                    .forEach(breach -> breaches.add("header " + header.getKey() + ": " + breach)));
        });
        answer.headers().map().keySet().stream().map(String::toLowerCase)
                .filter(name -> !UNDESCRIBED.contains(name) && known.stream().noneMatch(header -> header.getKey().equalsIgnoreCase(name)))
                .forEach(name -> breaches.add("header " + name + " is not described"));
    }

    private void body(JsonNode described, Received answer, List<String> breaches) {
        var content = described.path("content");
        var type = answer.headers().firstValue("Content-Type").orElse("").replaceFirst(";.*", "");
        if (content.isEmpty()) {
            if (!answer.body().isEmpty()) {
                breaches.add("there is a body");
            }
        } else if (!content.has(type) && !content.has("*/*")) {
            breaches.add("the media type " + type + " is not described");
        } else if (type.endsWith("/json") || type.endsWith("+json")) {
            breaches.addAll(breaches(content.path(type).path("schema"), read(answer.body())));
        }
    }

    List<String> breaches(JsonNode schema, JsonNode value) {
        return schemas.computeIfAbsent(schema.toString(), text -> {
            ObjectNode whole = schema.deepCopy();
            close(whole);
            whole.set("components", components);
            return registry.getSchema(whole);
        }).validate(value).stream().map(error -> error.getInstanceLocation() + " " + error.getMessage()).toList();
    }

    static JsonNode read(String json) {
        try {
            return Sample.JSON.readTree(json);
        } catch (JsonProcessingException e) {
            return Sample.JSON.getNodeFactory().textNode(json);
        }
    }
}
