package io.gatehouse.cluster;

import io.gatehouse.testing.GatehouseServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Map;

/** Requests with headers of their own, as the administrator. */
final class TestRequests {

    private TestRequests() {
    }

    /** @param path below {@code /api/v1} */
    static HttpResponse<String> send(GatehouseServer server, String method, String path, Map<String, String> headers, String json) {
        var request = HttpRequest.newBuilder(URI.create(server.httpUrl() + "/api/v1" + path))
                .header("Authorization", "Bearer " + server.adminToken())
                .header("Content-Type", "application/json")
                .method(method, json == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(json));
        headers.forEach(request::header);
        try (var http = HttpClient.newHttpClient()) {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }
}
