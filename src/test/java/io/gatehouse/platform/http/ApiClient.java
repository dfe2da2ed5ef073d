package io.gatehouse.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.GatehouseServer;
import java.util.Map;

/** Somebody who uses the HTTP API. */
public final class ApiClient {

    private final GatehouseServer server;
    private final String token;

    private ApiClient(GatehouseServer server, String token) {
        this.server = server;
        this.token = token;
    }

    public static ApiClient anonymous(GatehouseServer server) {
        return new ApiClient(server, null);
    }

    public static ApiClient administrator(GatehouseServer server) {
        return new ApiClient(server, server.adminToken());
    }

    public static ApiClient withToken(GatehouseServer server, String token) {
        return new ApiClient(server, token);
    }

    /** Logs in. */
    public static ApiClient user(GatehouseServer server, String username, String password) {
        var answer = anonymous(server).login(username, password);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return new ApiClient(server, answer.textAt("access_token"));
    }

    public Answer login(String username, String password) {
        return post("/auth/login", """
                {"username": "%s", "password": "%s"}""".formatted(username, password));
    }

    public Answer get(String path) {
        return send("GET", path, null);
    }

    public Answer post(String path, String json) {
        return send("POST", path, json);
    }

    public Answer put(String path, String json) {
        return send("PUT", path, json);
    }

    public Answer patch(String path, String json) {
        return send("PATCH", path, json);
    }

    public Answer delete(String path) {
        return send("DELETE", path, null);
    }

    /** @param ifMatch the entity tag of the state that is meant */
    public Answer patch(String path, String json, String ifMatch) {
        return send("PATCH", path, json, Map.of("If-Match", ifMatch));
    }

    /** @param ifMatch the entity tag of the state that is meant */
    public Answer delete(String path, String ifMatch) {
        return send("DELETE", path, null, Map.of("If-Match", ifMatch));
    }

    /** @param path below {@code /api/v1} */
    public Answer send(String method, String path, String json, Map<String, String> headers) {
        return new Answer(server.send(method, "/api/v1" + path, token, json, headers));
    }

    /** @param path below {@code /api/v1} */
    public Answer send(String method, String path, String json) {
        return new Answer(server.send(method, "/api/v1" + path, token, json));
    }
}
