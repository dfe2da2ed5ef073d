package io.gatehouse.transfer;

import com.unboundid.util.json.JSONException;
import com.unboundid.util.json.JSONObject;
import com.unboundid.util.ssl.PEMFileTrustManager;
import com.unboundid.util.ssl.SSLUtil;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.SSLHandshakeException;

/** The HTTP API of a running server. */
final class Server implements AutoCloseable {

    private static final int PAGE = 1000;
    private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(10);
    /** Of an answer: much to bring in takes its time. */
    private static final Duration TIMEOUT = Duration.ofMinutes(10);

    private final URI address;
    private final String token;
    private final HttpClient client;

    /** @param ca PEM file of the authority to trust instead of the JDK's */
    Server(URI address, String token, Optional<Path> ca) {
        this.address = address;
        this.token = token;
        var builder = HttpClient.newBuilder().connectTimeout(CONNECT_TIMEOUT);
        ca.ifPresent(file -> {
            try {
                builder.sslContext(new SSLUtil(new PEMFileTrustManager(file.toFile())).createSSLContext());
            } catch (GeneralSecurityException e) {
                throw new Refused("The authorities in " + file + " cannot be read: " + e.getMessage(), e);
            }
        });
        client = builder.build();
    }

    /** @throws Refused if it cannot be reached, or answers anything but success */
    JSONObject post(String path, JSONObject body) {
        return send(request(path).header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(body.toString())).build());
    }

    /** Every item of a list, page after page. */
    List<JSONObject> all(String path) {
        var items = new ArrayList<JSONObject>();
        String cursor = null;
        do {
            var page = send(request(path + "?limit=" + PAGE + (cursor == null ? "" : "&cursor=" + cursor)).GET().build());
            page.getFieldAsArray("items").forEach(item -> items.add((JSONObject) item));
            cursor = page.getFieldAsString("next");
        } while (cursor != null);
        return items;
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(address.resolve("/api/v1" + path)).timeout(TIMEOUT).header("Authorization", "Bearer " + token);
    }

    private JSONObject send(HttpRequest request) {
        try {
            var answer = client.send(request, BodyHandlers.ofString());
            if (answer.statusCode() != 200) {
                throw new Refused("The server answered " + answer.statusCode() + ": " + detail(answer.body()));
            }
            return new JSONObject(answer.body());
        } catch (SSLHandshakeException e) {
            throw new Refused("The certificate of the server at " + address + " is not trusted (--ca names the authority that is): " + e.getMessage(), e);
        } catch (IOException e) {
            throw new Refused("The server at " + address + " cannot be reached: "
                    + (e.getMessage() == null ? "connection refused" : e.getMessage()), e);
        } catch (JSONException e) {
            throw new Refused("What answers at " + address + " is no Gatehouse.", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new Refused("Interrupted.", e);
        }
    }

    private static String detail(String body) {
        try {
            var problem = new JSONObject(body);
            var field = problem.getFieldAsString("field");
            return (field == null ? "" : field + ": ") + problem.getFieldAsString("detail");
        } catch (JSONException e) {
            return "no problem document";
        }
    }

    @Override
    public void close() {
        client.close();
    }
}
