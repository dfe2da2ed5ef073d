package io.gatehouse.api;

import io.gatehouse.api.Document.Operation;
import io.gatehouse.testing.GatehouseServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** Sends requests to a server. */
final class Wire implements AutoCloseable {

    private final GatehouseServer server;
    private final HttpClient http = HttpClient.newHttpClient();

    Wire(GatehouseServer server) {
        this.server = server;
    }

    /** @param token null for nobody's */
    HttpResponse<String> send(Operation operation, Sample sample, String token) {
        return send(operation, sample, token, operation.requestTypes().stream().findFirst().orElse("application/json"));
    }

    HttpResponse<String> send(Operation operation, Sample sample, String token, String mediaType) {
        var request = HttpRequest.newBuilder(URI.create(server.httpUrl() + sample.target(operation))).method(operation.method(),
                sample.body() == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(sample.body().toString()));
        sample.headers().forEach(request::header);
        if (sample.body() != null) {
            request.header("Content-Type", mediaType);
        }
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        http.close();
    }
}
