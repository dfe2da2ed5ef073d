package io.gatehouse.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.GatehouseServer;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** A client of an event stream. */
final class EventReader implements AutoCloseable {

    private static final String END = "(end)";
    private static final int LIMIT_SECONDS = 20;

    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final InputStream body;
    private final BlockingQueue<String> events = new LinkedBlockingQueue<>();

    /** @param path below {@code /api/v1} */
    EventReader(GatehouseServer server, String token, String path, String lastEventId) throws Exception {
        var request = HttpRequest.newBuilder(URI.create(server.httpUrl() + "/api/v1" + path)).header("Authorization", "Bearer " + token);
        if (lastEventId != null) {
            request.header("Last-Event-ID", lastEventId);
        }
        var response = http.send(request.build(), HttpResponse.BodyHandlers.ofInputStream());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.headers().firstValue("Content-Type")).hasValue("text/event-stream");
        body = response.body();
        Thread.ofVirtual().start(() -> read(new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8))));
    }

    private void read(BufferedReader in) {
        var event = new StringBuilder();
        try {
            for (var line = in.readLine(); line != null; line = in.readLine()) {
                if (!line.isEmpty()) {
                    event.append(event.isEmpty() ? "" : "\n").append(line);
                } else if (!event.isEmpty()) {
                    events.add(event.toString());
                    event.setLength(0);
                }
            }
        } catch (IOException e) {
            // That is an end as well.
        }
        events.add(END);
    }

    /** The next event as it was written. */
    String next() {
        try {
            var event = events.poll(LIMIT_SECONDS, TimeUnit.SECONDS);
            assertThat(event).as("nothing comes").isNotNull();
            return event;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    void assertStatus(String status) {
        assertThat(next()).isEqualTo("event: status\ndata: {\"status\":\"" + status + "\"}");
    }

    /** @return its id */
    String assertMessage(String message) {
        var event = next();
        assertThat(event).matches("(?s)id: ([0-9]+)\nevent: status-message\ndata: \\{\"id\":\\1,\"message\":.*,\"createdAt\":\".*\"}")
                .contains("\"message\":\"" + message + "\"");
        return event.replaceFirst("(?s)id: ([0-9]+)\n.*", "$1");
    }

    void assertEnd() {
        assertThat(next()).isEqualTo(END);
    }

    @Override
    public void close() throws IOException {
        body.close();
        http.shutdownNow();
    }
}
