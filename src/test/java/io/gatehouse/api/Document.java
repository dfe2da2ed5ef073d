package io.gatehouse.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.gatehouse.testing.GatehouseServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** The OpenAPI document that a server serves. */
final class Document {

    /** What HTTP itself refuses, whatever the operation; the document describes them together. */
    private static final Set<Integer> OF_HTTP = Set.of(405, 408, 411, 413, 414, 415, 416, 417, 431);

    private static final Set<String> METHODS = Set.of("get", "put", "post", "patch", "delete");

    private final JsonNode root;

    private Document(JsonNode root) {
        this.root = root;
    }

    static Document of(GatehouseServer server) {
        try {
            return new Document(new YAMLMapper().readTree(server.send("GET", "/openapi.yaml", null, null).body()));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    JsonNode root() {
        return root;
    }

    /** What {@code $ref} stands for, or the node itself. */
    JsonNode resolve(JsonNode node) {
        var reference = node.path("$ref");
        return reference.isTextual() ? resolve(root.at(reference.asText().substring(1))) : node;
    }

    List<Operation> operations() {
        var operations = new ArrayList<Operation>();
        root.path("paths").properties().forEach(path -> path.getValue().properties().stream()
                .filter(method -> METHODS.contains(method.getKey()))
                .forEach(method -> operations.add(new Operation(this, method.getKey().toUpperCase(), path.getKey(), method.getValue()))));
        return operations;
    }

    Operation operation(String id) {
        return operations().stream().filter(operation -> operation.id().equals(id)).findFirst()
                .orElseThrow(() -> new AssertionError("There is no operation " + id + "."));
    }

    /** A call that the document describes. */
    record Operation(Document document, String method, String path, JsonNode node) {

        String id() {
            return node.path("operationId").asText();
        }

        /** As the table of roles names it. */
        String name() {
            return method + " " + path;
        }

        List<JsonNode> parameters() {
            return items(node.path("parameters"));
        }

        Stream<JsonNode> parameters(String in) {
            return parameters().stream().filter(parameter -> parameter.path("in").asText().equals(in));
        }

        /** Empty where there is no body. */
        List<String> requestTypes() {
            var types = new ArrayList<String>();
            node.path("requestBody").path("content").fieldNames().forEachRemaining(types::add);
            return types;
        }

        JsonNode requestSchema(String mediaType) {
            return node.path("requestBody").path("content").path(mediaType).path("schema");
        }

        /** Missing where this status is not described. */
        JsonNode response(int status) {
            var responses = node.path("responses");
            return document.resolve(responses.path(OF_HTTP.contains(status) && !responses.has(Integer.toString(status)) ? "default" : Integer.toString(status)));
        }

        private List<JsonNode> items(JsonNode array) {
            var items = new ArrayList<JsonNode>();
            if (array instanceof ArrayNode nodes) {
                nodes.forEach(node -> items.add(document.resolve(node)));
            }
            return items;
        }

        @Override
        public String toString() {
            return id() + " (" + name() + ")";
        }
    }
}
