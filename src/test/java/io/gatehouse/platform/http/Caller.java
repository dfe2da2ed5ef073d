package io.gatehouse.platform.http;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.GatehouseServer;

/** Somebody who uses the HTTP API. */
public final class Caller {

    private final GatehouseServer server;
    private final String token;

    private Caller(GatehouseServer server, String token) {
        this.server = server;
        this.token = token;
    }

    public static Caller anonymous(GatehouseServer server) {
        return new Caller(server, null);
    }

    public static Caller administrator(GatehouseServer server) {
        return new Caller(server, server.adminToken());
    }

    public static Caller withToken(GatehouseServer server, String token) {
        return new Caller(server, token);
    }

    /** Logs in. */
    public static Caller user(GatehouseServer server, String username, String password) {
        var answer = anonymous(server).login(username, password);
        assertThat(answer.status()).as(answer.text()).isEqualTo(200);
        return new Caller(server, answer.textAt("access_token"));
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

    /** @param path below {@code /api/v1} */
    public Answer send(String method, String path, String json) {
        return new Answer(server.send(method, "/api/v1" + path, token, json));
    }
}
