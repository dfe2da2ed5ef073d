package io.gatehouse.credentials;

import io.gatehouse.credentials.PushAnswer.Kind;
import io.gatehouse.platform.WebAddress;
import io.gatehouse.platform.observe.LogText;
import io.gatehouse.platform.settings.Setting;
import io.gatehouse.platform.settings.Settings;
import io.gatehouse.platform.tls.PrivateAuthorities;
import io.micronaut.json.JsonMapper;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLHandshakeException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks people on their phones by way of the approval service: one {@code POST} to {@code /send-notification} below the address of the
 * setting, which is answered when the person has decided. Only virtual threads wait meanwhile, and none of a pool.
 *
 * <p>Whatever is not a complete, well-formed approval in time is none. Redirects are not followed, certificates are verified, and of
 * an answer 64 KiB are read. HTTP/1.1, since a connection of HTTP/2 would take a hundred waiting requests and refuse the next.
 */
@Singleton
public final class PushService {

    private static final Logger LOG = LoggerFactory.getLogger(PushService.class);
    private static final String PATH = "/send-notification";
    private static final int MAX_ANSWER_BYTES = 64 * 1024;
    private static final int LONGEST_CODE = 40;
    /** From here on, the service may have failed after the phone rang. */
    private static final int SERVER_ERROR = 500;
    private static final List<Map<String, String>> ACTIONS = List.of(action("approve", "Approve"), action("reject", "Reject"));

    private final Settings settings;
    private final PushConfiguration configuration;
    private final JsonMapper json;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpClient client;

    PushService(Settings settings, PushConfiguration configuration, JsonMapper json) {
        this.settings = settings;
        this.configuration = configuration.orFail();
        this.json = json;
        var builder = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).followRedirects(HttpClient.Redirect.NEVER)
                .connectTimeout(configuration.connectTimeout()).executor(threads);
        if (configuration.caFile() != null) {
            builder.sslContext(PrivateAuthorities.context(configuration.caFile(), "GATEHOUSE_PUSH_CA_FILE"));
        }
        client = builder.build();
    }

    /** @return completes within the configured time, and never exceptionally */
    public CompletableFuture<PushAnswer> ask(PushPrompt prompt) {
        var address = settings.get(Setting.PUSH_NOTIFICATION_URL).orElse(null);
        return address == null
                ? CompletableFuture.completedFuture(new PushAnswer(Kind.FAILED, true))
                : CompletableFuture.supplyAsync(() -> answer(address, prompt), threads);
    }

    /** On a thread of its own, which a server that drips cannot hold: the client's own time-out ends with the head of an answer. */
    private PushAnswer answer(WebAddress address, PushPrompt prompt) {
        var exchange = threads.submit(() -> client.send(request(address, prompt), BodyHandlers.limiting(BodyHandlers.ofByteArray(), MAX_ANSWER_BYTES)));
        try {
            return answer(exchange.get(configuration.timeout().toMillis(), TimeUnit.MILLISECONDS));
        } catch (TimeoutException e) {
            return new PushAnswer(Kind.TIMED_OUT, false);
        } catch (ExecutionException e) {
            LOG.warn("The approval service at {} cannot be asked ({})", address, e.getCause().toString());
            return new PushAnswer(Kind.FAILED, wasNeverSent(e.getCause()));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return new PushAnswer(Kind.FAILED, false);
        } finally {
            exchange.cancel(true);
        }
    }

    private HttpRequest request(WebAddress address, PushPrompt prompt) throws IOException {
        var fields = new LinkedHashMap<String, Object>();
        settings.get(Setting.PUSH_NOTIFICATION_API_KEY).ifPresent(key -> fields.put("apikey", key));
        settings.get(Setting.PUSH_NOTIFICATION_CLIENT_ID).ifPresent(id -> fields.put("client_id", id));
        fields.put("username", prompt.username());
        fields.put("title", prompt.title());
        fields.put("body", prompt.body());
        fields.put("actions", ACTIONS);
        return HttpRequest.newBuilder(URI.create(address.text().replaceFirst("/+$", "") + PATH))
                .header("Content-Type", "application/json").header("Accept", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(json.writeValueAsBytes(fields))).build();
    }

    private static Map<String, String> action(String name, String title) {
        var action = new LinkedHashMap<String, String>();
        action.put("icon", name);
        action.put("title", title);
        action.put("callback", name);
        return action;
    }

    private static PushAnswer answer(HttpResponse<byte[]> response) {
        var reply = PushReply.parse(response.body()).orElse(null);
        var kind = reply == null ? Kind.FAILED : reply.kind(response.statusCode());
        if (kind == Kind.FAILED) {
            LOG.warn("The approval service at {} answered {}{}", response.uri(), response.statusCode(),
                    reply == null ? " with something that is no answer" : " (" + LogText.of(reply.errorCode(), LONGEST_CODE) + ")");
        }
        return new PushAnswer(kind, reply != null && response.statusCode() < SERVER_ERROR);
    }

    private static boolean wasNeverSent(Throwable cause) {
        return cause instanceof ConnectException || cause instanceof HttpConnectTimeoutException || cause instanceof SSLHandshakeException;
    }

    @PreDestroy
    void stop() {
        client.shutdownNow();
        threads.shutdown();
    }
}
