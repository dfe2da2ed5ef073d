package io.gatehouse.api;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.gatehouse.api.Document.Operation;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** Makes requests out of the document: right ones, and right ones with something wrong about them. */
final class FuzzRequests {

    private static final JsonMapper ESCAPING = JsonMapper.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

    private static final List<String> METHODS = List.of("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "get");

    private static final List<String> MEDIA_TYPES = List.of("application/json", "application/merge-patch+json", "application/json; charset=utf-8",
            "application/json; charset=utf-16", "application/json;q=1", "application/problem+json", "text/plain", "application/x-www-form-urlencoded",
            "multipart/form-data; boundary=x", "application/xml", "*/*", "json", "/", "application/", "application/json; charset=nonsense", "");

    private static final Map<String, List<String>> HEADERS = Map.ofEntries(
            Map.entry("If-Match", List.of("*", "\"1\"", "\"0\", \"2\"", "W/\"1\"", "1", "\"", "\"a", "\"\"", ",", "\"1\",", "\"9223372036854775808\"", "* , *")),
            Map.entry("If-None-Match", List.of("*", "\"1\"", "W/\"1\"", "\"", ",,,", "1")),
            Map.entry("Idempotency-Key", List.of("a", "\"a\"", "", "x".repeat(255), "x".repeat(256), "x".repeat(4000), "a b", "\u00e4", "\u0001", "key-1", "key-2")),
            Map.entry("Accept", List.of("*/*", "application/json", "text/html", "application/problem+json", "text/csv", "application/json;q=0", "x", "/", ";", "application/*",
                    "text/event-stream", "application/json;q=abc", "*/*;q=9")),
            Map.entry("Range", List.of("bytes=0-1", "bytes=-1", "bytes=0-18446744073709551615", "items=0-5", "bytes=a-b")),
            Map.entry("X-Forwarded-For", List.of("10.0.0.1", "::1", "unknown", "10.0.0.1, 10.0.0.2", "\u0001", "1".repeat(1000), "' or 1=1", "localhost", "fe80::1%eth0")),
            Map.entry("X-Request-Id", List.of("a", "x".repeat(300), "\u00e4", "a b", "../..", "\u001b[31m")),
            Map.entry("Last-Event-ID", List.of("0", "-1", "x", "9223372036854775808")),
            Map.entry("Origin", List.of("https://evil.example.org", "null", "x")),
            Map.entry("Content-Encoding", List.of("gzip", "identity", "br", "x")),
            Map.entry("X-HTTP-Method-Override", List.of("DELETE")),
            Map.entry("Cookie", List.of("JWT=x", "=;;=")),
            Map.entry("User-Agent", List.of("", "\u0001\u007f", "u".repeat(5000), "\u00ff\u00fe")));

    private final RandomGenerator random;
    private final HostileValues values;
    private final List<Operation> operations;
    private final Seeds seeds;
    private final Supplier<String> token;

    /** Where requests that succeed come from. */
    interface Seeds {

        Sample of(Operation operation);
    }

    /** @param token whose request it shall be; null for nobody's */
    FuzzRequests(RandomGenerator random, List<Operation> operations, Seeds seeds, Supplier<String> token) {
        this.random = random;
        this.operations = operations;
        this.seeds = seeds;
        this.token = token;
        values = new HostileValues(random);
    }

    FuzzRequest next() {
        var operation = values.one(operations);
        var sample = seeds.of(operation);
        boolean asDescribed = true;

        var path = new LinkedHashMap<>(sample.path());
        if (!path.isEmpty() && values.in(3)) {
            path.replaceAll((name, value) -> random.nextBoolean() ? values.text() : value);
            asDescribed = path.values().stream().noneMatch(value -> value.isEmpty() || value.matches("(?s)\\.+|.*[/\\\\;\0-\u001f].*"));
        }
        var target = operation.path();
        for (var variable : path.entrySet()) {
            target = target.replace("{" + variable.getKey() + "}", encode(variable.getValue()));
        }
        target += query(operation, sample);

        var method = operation.method();
        if (values.in(12)) {
            method = values.one(METHODS);
            asDescribed &= method.equals(operation.method());
        }
        var headers = new ArrayList<String>();
        asDescribed &= authorize(headers) & hostileHeaders(headers);
        var body = body(operation, sample, headers);
        return new FuzzRequest(asDescribed ? Optional.of(operation) : Optional.empty(), method, target, headers, body);
    }

    private String query(Operation operation, Sample sample) {
        var query = new LinkedHashMap<>(sample.query());
        for (var parameter : operation.parameters("query").toList()) {
            if (values.in(4)) {
                query.put(parameter.path("name").asText(), values.text());
            }
        }
        if (values.in(12)) {
            query.put(values.text(), values.text());
        }
        var pairs = new ArrayList<>(query.entrySet().stream().map(pair -> encode(pair.getKey()) + "=" + encode(pair.getValue())).toList());
        if (values.in(20)) {
            pairs.add(values.one(List.of("limit=1&limit=2", "%zz=1", "=", "&&&", "limit", "sort=%00", "cursor=%ff%fe", "q=%c3%28")));
        }
        var whole = String.join("&", pairs);
        return whole.isEmpty() ? "" : "?" + (whole.length() > 3000 ? whole.substring(0, 3000).replaceAll("%.?$", "") : whole);
    }

    /** @return whether the header is one that HTTP allows */
    private boolean authorize(List<String> headers) {
        if (values.in(25)) {
            headers.add("Authorization: " + values.one(List.of("Basic Zm9vOmJhcg==", "Bearer", "Bearer ", "Bearer x", "bearer a.b.c", "Bearer gh_x_y", "Digest x",
                    "Bearer eyJhbGciOiJub25lIn0.e30.", "Bearer " + "a".repeat(3000))));
            return true;
        }
        var bearer = token.get();
        if (bearer != null) {
            headers.add("Authorization: Bearer " + bearer);
        }
        return true;
    }

    /** @return whether they are such as HTTP allows */
    private boolean hostileHeaders(List<String> headers) {
        boolean allowed = true;
        while (values.in(4)) {
            var name = values.one(HEADERS.keySet().stream().sorted().toList());
            var value = values.in(6) ? values.plainText() : values.one(HEADERS.get(name));
            headers.add(name + ": " + value);
            allowed &= value.chars().allMatch(character -> character >= ' ' && character != 0x7f);
        }
        return allowed;
    }

    private byte[] body(Operation operation, Sample sample, List<String> headers) {
        if (sample.body() == null && !values.in(15)) {
            return null;
        }
        headers.add("Content-Type: " + (values.in(12) ? values.one(MEDIA_TYPES)
                : operation.requestTypes().isEmpty() ? "application/json" : values.one(operation.requestTypes())));
        var json = sample.body() instanceof ObjectNode object && !values.in(15) ? changed(operation, object.deepCopy()) : values.json();
        return values.in(12) ? broken(json) : write(json).getBytes(StandardCharsets.UTF_8);
    }

    private JsonNode changed(Operation operation, ObjectNode body) {
        var fields = new ArrayList<String>();
        operation.document().resolve(operation.requestSchema(operation.requestTypes().getFirst())).path("properties").fieldNames().forEachRemaining(fields::add);
        while (!fields.isEmpty() && values.in(2)) {
            var field = values.one(fields);
            switch (random.nextInt(4)) {
                case 0 -> body.remove(field);
                case 1 -> body.put(field, values.text());
                default -> body.set(field, values.json());
            }
        }
        if (values.in(20)) {
            body.set(values.text(), values.json());
        }
        return body;
    }

    /** What is no JSON, or not quite. */
    private byte[] broken(JsonNode json) {
        var text = write(json);
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        return switch (random.nextInt(10)) {
            case 0 -> Arrays.copyOf(bytes, random.nextInt(bytes.length + 1));
            case 1 -> (text + values.one(List.of("x", "{}", "\0", ",", "]"))).getBytes(StandardCharsets.UTF_8);
            case 2 -> ("\ufeff" + text).getBytes(StandardCharsets.UTF_8);
            case 3 -> text.getBytes(StandardCharsets.UTF_16);
            case 4 -> "[".repeat(random.nextInt(1, 100_000)).getBytes(StandardCharsets.UTF_8);
            case 5 -> "{\"a\":".repeat(random.nextInt(1, 20_000)).getBytes(StandardCharsets.UTF_8);
            case 6 -> text.replaceFirst("^\\{(\"[^\"]*\":)", "{$1 1, $1").getBytes(StandardCharsets.UTF_8);
            case 7 -> ("{\"a\": \"" + "x".repeat(values.in(10) ? 1_100_000 : 10_000) + "\"}").getBytes(StandardCharsets.UTF_8);
            case 8 -> ("{\"a\": " + "9".repeat(random.nextInt(1, 20_000)) + "}").getBytes(StandardCharsets.UTF_8);
            default -> {
                if (bytes.length > 0) {
                    bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
                }
                yield bytes;
            }
        };
    }

    private String write(JsonNode json) {
        try {
            return random.nextBoolean() ? ESCAPING.writeValueAsString(json) : json.toString();
        } catch (JsonProcessingException e) {
            return json.toString();
        }
    }

    private static String encode(String text) {
        var shortened = text.length() > 2000 ? text.substring(0, 2000) : text;
        return URLEncoder.encode(shortened, StandardCharsets.UTF_8).replace("+", "%20");
    }
}
