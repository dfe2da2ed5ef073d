package io.gatehouse.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.gatehouse.api.Document.Operation;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What a request says besides its method and path.
 *
 * @param path  values of the path's variables
 * @param body  null for none
 */
record Sample(Map<String, String> path, Map<String, String> query, Map<String, String> headers, JsonNode body) {

    static final JsonMapper JSON = new JsonMapper();

    static Sample empty() {
        return new Sample(Map.of(), Map.of(), Map.of(), null);
    }

    Sample at(String variable, String value) {
        return new Sample(with(path, variable, value), query, headers, body);
    }

    Sample asking(String parameter, String value) {
        return new Sample(path, with(query, parameter, value), headers, body);
    }

    Sample saying(String header, String value) {
        return new Sample(path, query, with(headers, header, value), body);
    }

    Sample sending(String json) {
        try {
            return new Sample(path, query, headers, JSON.readTree(json));
        } catch (JsonProcessingException e) {
            throw new AssertionError(json, e);
        }
    }

    Sample sending(JsonNode json) {
        return new Sample(path, query, headers, json);
    }

    /** Path and query of a request for this. */
    String target(Operation operation) {
        var target = operation.path();
        for (var variable : path.entrySet()) {
            target = target.replace("{" + variable.getKey() + "}", encode(variable.getValue()));
        }
        return query.isEmpty() ? target : target + "?" + query.entrySet().stream()
                .map(parameter -> encode(parameter.getKey()) + "=" + encode(parameter.getValue())).collect(Collectors.joining("&"));
    }

    private static String encode(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
    }

    private static Map<String, String> with(Map<String, String> values, String name, String value) {
        var more = new LinkedHashMap<>(values);
        more.put(name, value);
        return more;
    }
}
