package io.gatehouse.gateway.dns;

import io.gatehouse.cluster.CloudflareCredentials;
import io.gatehouse.gateway.dns.CloudflareAnswer.Fault;
import io.gatehouse.gateway.dns.CloudflareAnswer.Zone;
import io.gatehouse.platform.Printable;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.core.type.Argument;
import io.micronaut.serde.ObjectMapper;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublisher;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Cloudflare's API (version 4), as far as it concerns records of names. All methods throw {@link CloudflareFailure} if they have
 * no success.
 */
@Singleton
final class Cloudflare {

    private static final Logger LOG = LoggerFactory.getLogger(Cloudflare.class);
    private static final Duration CONNECT_LIMIT = Duration.ofSeconds(5);
    private static final Duration LIMIT = Duration.ofSeconds(15);
    private static final Duration LONGEST_REST = Duration.ofHours(1);
    private static final int LONGEST_ANSWER = 1 << 20;
    private static final int LONGEST_MESSAGE = 300;
    private static final int TOO_MANY_REQUESTS = 429;
    private static final int SERVER_ERROR = 500;

    /** The global key of an account; what looks otherwise is an API token. */
    private static final Pattern GLOBAL_KEY = Pattern.compile("[0-9a-f]{37}");
    private static final Pattern ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");
    private static final Pattern SECONDS = Pattern.compile("[0-9]{1,6}");

    private final HttpClient client =
            HttpClient.newBuilder().connectTimeout(CONNECT_LIMIT).followRedirects(HttpClient.Redirect.NEVER).build();
    private final String url;
    private final ObjectMapper json;

    Cloudflare(CloudflareConfiguration configuration, ObjectMapper json) {
        url = configuration.url();
        this.json = json;
    }

    /** The id of the active zone that holds the domain; it may be one of a parent. Empty if there is none. */
    Optional<String> zone(CloudflareCredentials credentials, String domain) {
        for (var name = domain; name.indexOf('.') > 0; name = name.substring(name.indexOf('.') + 1)) {
            var wanted = name;
            var zone = get(credentials, "/zones?status=active&name=" + encoded(name), Argument.listOf(Zone.class)).stream()
                    .filter(candidate -> candidate.name().equals(wanted)).findFirst();
            if (zone.isPresent()) {
                return zone.map(found -> checked(found.id()));
            }
        }
        return Optional.empty();
    }

    /** All records of the name, of all types. */
    List<ZoneRecord> records(CloudflareCredentials credentials, String zone, String name) {
        return get(credentials, records(zone) + "?per_page=100&name=" + encoded(name), Argument.listOf(ZoneRecord.class)).stream()
                .filter(record -> record.name().equals(name)).toList();
    }

    void create(CloudflareCredentials credentials, String zone, ZoneRecord record) {
        send(credentials, "POST", records(zone), body(record), Argument.of(ZoneRecord.class));
    }

    /** Makes the record of this id into another one. */
    void replace(CloudflareCredentials credentials, String zone, String id, ZoneRecord record) {
        send(credentials, "PUT", records(zone) + "/" + checked(id), body(record), Argument.of(ZoneRecord.class));
    }

    void delete(CloudflareCredentials credentials, String zone, String id) {
        send(credentials, "DELETE", records(zone) + "/" + checked(id), BodyPublishers.noBody(), Argument.OBJECT_ARGUMENT);
    }

    private <T> List<T> get(CloudflareCredentials credentials, String path, Argument<List<T>> type) {
        var result = send(credentials, "GET", path, BodyPublishers.noBody(), type);
        if (result == null) {
            throw new CloudflareFailure("Cloudflare answered nothing of use.");
        }
        return result;
    }

    private <T> @Nullable T send(CloudflareCredentials credentials, String method, String path, BodyPublisher body, Argument<T> type) {
        var request = HttpRequest.newBuilder(URI.create(url + path)).timeout(LIMIT)
                .header("Content-Type", "application/json").header("Accept", "application/json").header("X-Auth-Email", credentials.email());
        if (GLOBAL_KEY.matcher(credentials.key()).matches()) {
            request.header("X-Auth-Key", credentials.key());
        } else {
            request.header("Authorization", "Bearer " + credentials.key());
        }
        var response = exchanged(request.method(method, body).build());
        if (response.statusCode() == TOO_MANY_REQUESTS || response.statusCode() >= SERVER_ERROR) {
            throw new CloudflareFailure("Cloudflare answered " + response.statusCode() + ".", true, retryAfter(response));
        }
        return read(response, type);
    }

    private HttpResponse<byte[]> exchanged(HttpRequest request) {
        // The request's own time limit ends with the head of the answer.
        var exchange = client.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofByteArray(), LONGEST_ANSWER));
        try {
            return exchange.get(LIMIT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (TimeoutException e) {
            throw unreachable("no answer within " + LIMIT.toSeconds() + " seconds");
        } catch (ExecutionException e) {
            var cause = e.getCause();
            throw unreachable(cause.getMessage() == null ? cause.getClass().getSimpleName() : cause.getMessage());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw unreachable("the server stops");
        } finally {
            exchange.cancel(true);
        }
    }

    /** What it is that is not of the form is not told: it may be anybody's page. */
    private <T> @Nullable T read(HttpResponse<byte[]> response, Argument<T> type) {
        try {
            var answer = json.readValue(response.body(), Argument.of(CloudflareAnswer.class));
            if (answer != null && answer.success()) {
                return answer.result() == null ? null : json.readValueFromTree(answer.result(), type);
            }
            if (answer != null && answer.errors() != null) {
                throw new CloudflareFailure("Cloudflare refused (" + response.statusCode() + faults(answer.errors()) + ").");
            }
        } catch (IOException e) {
            LOG.debug("Cloudflare answered {} with something else than its own form", response.statusCode(), e);
        }
        throw new CloudflareFailure("What Cloudflare answered (" + response.statusCode() + ") is not of its own form.");
    }

    private BodyPublisher body(ZoneRecord record) {
        try {
            return BodyPublishers.ofByteArray(json.writeValueAsBytes(record));
        } catch (IOException e) {
            throw new IllegalStateException("A record is always JSON", e);
        }
    }

    private static CloudflareFailure unreachable(String reason) {
        return new CloudflareFailure("Cloudflare cannot be reached (" + Printable.text(reason, LONGEST_MESSAGE) + ").", true, null);
    }

    private static @Nullable Duration retryAfter(HttpResponse<?> response) {
        return response.headers().firstValue("Retry-After").filter(text -> SECONDS.matcher(text).matches())
                .map(text -> Duration.ofSeconds(Integer.parseInt(text))).filter(rest -> rest.compareTo(LONGEST_REST) <= 0).orElse(null);
    }

    private static String faults(List<Fault> faults) {
        return Printable.text(faults.stream().map(fault -> ", " + fault.code() + " " + fault.message()).collect(Collectors.joining()), LONGEST_MESSAGE);
    }

    private static String records(String zone) {
        return "/zones/" + zone + "/dns_records";
    }

    private static String checked(String id) {
        if (!ID.matcher(id).matches()) {
            throw new CloudflareFailure("Cloudflare answered an id that is none.");
        }
        return id;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @PreDestroy
    void close() {
        client.shutdownNow();
    }
}
