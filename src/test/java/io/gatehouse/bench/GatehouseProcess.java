package io.gatehouse.bench;

import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.util.json.JSONException;
import com.unboundid.util.json.JSONObject;
import com.unboundid.util.json.JSONString;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The real server, started as an operator would, in a process of its own. */
final class GatehouseProcess implements AutoCloseable {

    private static final List<String> COMMAND = List.of("./gatehouse", "run");
    private static final String ADMINISTRATOR_PASSWORD = "Bench-Administrator-19456";
    private static final List<String> ANNOUNCED = List.of("LDAP", "LDAPS", "HTTP");

    private final Process process;
    private final long startedAt;
    private final Map<String, URI> addresses = new HashMap<>();

    private GatehouseProcess(Process process, long startedAt) {
        this.process = process;
        this.startedAt = startedAt;
    }

    /**
     * Starts the server and waits until it says that it is ready.
     *
     * @param data     the folder for what is not in the database
     * @param settings besides the bench's own
     */
    static GatehouseProcess start(Path data, String jdbcUrl, String databaseUser, Map<String, String> settings) {
        var builder = new ProcessBuilder(COMMAND).redirectError(data.resolve("gatehouse.log").toFile());
        builder.environment().putAll(Map.of(
                "GATEHOUSE_HTTP_PORT", "0",
                "GATEHOUSE_LDAP_PORT", "0",
                "GATEHOUSE_LDAPS_PORT", "0",
                "GATEHOUSE_LDAP_BASE_DN", Contender.BASE,
                "GATEHOUSE_LDAP_ALLOW_CLEARTEXT_FROM_LOOPBACK", "true",
                "GATEHOUSE_DATA_DIR", data.toString(),
                "GATEHOUSE_ADMIN_USERNAME", Population.ADMINISTRATOR,
                "GATEHOUSE_ADMIN_PASSWORD", ADMINISTRATOR_PASSWORD));
        builder.environment().putAll(Map.of(
                "GATEHOUSE_UID_MAX", "4000000",
                "GATEHOUSE_ACCESS_LOG", "none",
                "DATASOURCES_DEFAULT_URL", jdbcUrl,
                "DATASOURCES_DEFAULT_USERNAME", databaseUser,
                "DATASOURCES_DEFAULT_PASSWORD", ""));
        builder.environment().putAll(settings);
        try {
            var startedAt = System.nanoTime();
            var server = new GatehouseProcess(builder.start(), startedAt);
            server.awaitReady();
            return server;
        } catch (IOException e) {
            throw new UncheckedIOException("./gatehouse run does not start", e);
        }
    }

    private void awaitReady() throws IOException {
        var output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        while (!addresses.keySet().containsAll(ANNOUNCED)) {
            var line = output.readLine();
            if (line == null) {
                throw new IllegalStateException("Gatehouse ended before it was ready, with exit code " + exitCode());
            }
            var words = line.strip().split("\\s+");
            if (words.length >= 2 && ANNOUNCED.contains(words[0])) {
                addresses.put(words[0], URI.create(words[1]));
            }
        }
        Thread.ofVirtual().start(() -> discard(output));
    }

    private static void discard(BufferedReader output) {
        try (output) {
            output.transferTo(Writer.nullWriter());
        } catch (IOException stopped) {
            // The pipe closes under the reader when the process ends.
        }
    }

    long pid() {
        return process.pid();
    }

    int ldapPort() {
        return addresses.get("LDAP").getPort();
    }

    int ldapsPort() {
        return addresses.get("LDAPS").getPort();
    }

    int httpPort() {
        return addresses.get("HTTP").getPort();
    }

    /** An access token, good for a quarter of an hour. */
    String administratorToken() {
        try (var http = HttpClient.newHttpClient()) {
            return login(http);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while logging in", e);
        }
    }

    private String login(HttpClient http) throws IOException, InterruptedException {
        return post(http, "/api/v1/auth/login", "",
                new JSONObject(Map.of("username", json(Population.ADMINISTRATOR), "password", json(ADMINISTRATOR_PASSWORD))))
                .getFieldAsString("access_token");
    }

    /** Makes a service account. */
    Contender.Login reader(String name) {
        try (var http = HttpClient.newHttpClient()) {
            var account = post(http, "/api/v1/service-accounts", login(http),
                    new JSONObject(Map.of("name", json(name))));
            return new Contender.Login(account.getFieldAsString("dn"), account.getFieldAsString("password"));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while asking for a service account", e);
        }
    }

    private static JSONString json(String text) {
        return new JSONString(text);
    }

    private JSONObject post(HttpClient http, String path, String token, JSONObject body) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(addresses.get("HTTP").resolve(path)).header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(body.toString()));
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        var response = http.send(request.build(), BodyHandlers.ofString());
        if (response.statusCode() / 100 != 2) {
            throw new IllegalStateException(path + " answered " + response.statusCode() + " " + response.body());
        }
        try {
            return new JSONObject(response.body());
        } catch (JSONException e) {
            throw new IllegalStateException(path + " did not answer JSON", e);
        }
    }

    /**
     * Reads an entry over LDAP.
     *
     * @return the time from the start of the process until the answer
     */
    Duration servingAfter(Contender.Login reader, String username) throws LDAPException {
        try (var connection = new LDAPConnection("127.0.0.1", ldapPort(), reader.dn(), reader.password())) {
            if (connection.getEntry("uid=" + username + "," + Contender.PEOPLE) == null) {
                throw new IllegalStateException("Gatehouse says that it is ready and does not know " + username);
            }
            return Duration.ofNanos(System.nanoTime() - startedAt);
        }
    }

    @Override
    public void close() {
        process.destroy();
        exitCode();
    }

    private int exitCode() {
        try {
            if (!process.waitFor(1, TimeUnit.MINUTES)) {
                process.destroyForcibly();
                throw new IllegalStateException("Gatehouse does not end");
            }
            return process.exitValue();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("Interrupted while waiting for Gatehouse", e);
        }
    }
}
