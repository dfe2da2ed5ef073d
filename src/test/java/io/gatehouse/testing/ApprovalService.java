package io.gatehouse.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.micronaut.core.type.Argument;
import io.micronaut.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The service that asks people on their phones, as the servers see it: it holds each request open until somebody decides, keeps one
 * pending prompt a person, and knows whose phone is registered. Requests that the real one would refuse are refused, and kept as faults.
 */
public final class ApprovalService implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final String ACTIONS = """
            [{icon=approve, title=Approve, callback=approve}, {icon=reject, title=Reject, callback=reject}]""";

    /** Something that answers in another way than the real service. */
    public interface Misbehaviour {
        void answer(HttpExchange exchange) throws IOException;
    }

    /** What a phone shows. */
    public static final class Prompt {

        private final Map<String, Object> fields;
        private final CompletableFuture<String> decision = new CompletableFuture<>();

        private Prompt(Map<String, Object> fields) {
            this.fields = fields;
        }

        public String username() {
            return (String) fields.get("username");
        }

        public String title() {
            return (String) fields.get("title");
        }

        public String body() {
            return (String) fields.get("body");
        }

        public Object field(String name) {
            return fields.get(name);
        }

        public void approve() {
            decision.complete("approve");
        }

        public void reject() {
            decision.complete("reject");
        }

        /** As if nobody had looked at the phone for 25 seconds. */
        public void expire() {
            decision.complete("timeout");
        }
    }

    private final HttpServer http;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final JsonMapper json = JsonMapper.createDefault();
    private final Map<String, Prompt> pending = new ConcurrentHashMap<>();
    private final Map<String, BlockingQueue<Prompt>> shown = new ConcurrentHashMap<>();
    private final Map<String, String> errorCodes = new ConcurrentHashMap<>();
    private final Map<String, Misbehaviour> misbehaviours = new ConcurrentHashMap<>();
    private final Map<String, Integer> counts = new ConcurrentHashMap<>();
    private final List<String> faults = new CopyOnWriteArrayList<>();

    private ApprovalService(HttpServer http) {
        this.http = http;
        http.setExecutor(threads);
        http.createContext("/", this::handle);
        http.start();
    }

    /** On the loopback interface. */
    public static ApprovalService start() {
        try {
            return new ApprovalService(HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1000));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** By a server that is not started yet, such as one that speaks TLS. */
    public static ApprovalService of(HttpServer server) {
        return new ApprovalService(server);
    }

    public String url() {
        return "http://127.0.0.1:" + port();
    }

    public int port() {
        return http.getAddress().getPort();
    }

    /** The next prompt that this person's phone shows; waits for it. */
    public Prompt next(String username) {
        try {
            var prompt = shown(username).poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            assertThat(prompt).as("a prompt for " + username).isNotNull();
            return prompt;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    /** How many requests there were for this person, shown or not. */
    public int count(String username) {
        return counts.getOrDefault(username, 0);
    }

    /** @param errorCode {@code no-devices}, {@code user-not-found} or {@code device-not-approved} */
    public void refuse(String username, String errorCode) {
        errorCodes.put(username, errorCode);
    }

    public void misbehave(String username, Misbehaviour misbehaviour) {
        misbehaviours.put(username, misbehaviour);
    }

    /** Requests that the real service would not have understood. */
    public List<String> faults() {
        return faults;
    }

    private BlockingQueue<Prompt> shown(String username) {
        return shown.computeIfAbsent(username, name -> new LinkedBlockingQueue<>());
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            var body = exchange.getRequestBody().readAllBytes();
            var request = request(exchange, body);
            if (request == null) {
                faults.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + new String(body, StandardCharsets.UTF_8));
                answer(exchange, 400, Map.of("success", false, "error", "Bad request", "errorCode", "invalid-json"));
                return;
            }
            var username = (String) request.get("username");
            counts.merge(username, 1, Integer::sum);
            if (misbehaviours.containsKey(username)) {
                shown(username).add(new Prompt(request));
                misbehaviours.get(username).answer(exchange);
            } else if (errorCodes.containsKey(username)) {
                refuse(exchange, username, errorCodes.get(username));
            } else {
                ask(exchange, username, new Prompt(request));
            }
        }
    }

    private void refuse(HttpExchange exchange, String username, String code) throws IOException {
        var error = switch (code) {
            case "no-devices" -> "No registered devices found for user \"" + username + "\". Please register one.";
            case "user-not-found" -> "User \"" + username + "\" not found. Please check it.";
            default -> "The device of user \"" + username + "\" waits for approval.";
        };
        answer(exchange, code.equals("device-not-approved") ? 403 : 404, Map.of("success", false, "error", error, "errorCode", code));
    }

    private void ask(HttpExchange exchange, String username, Prompt prompt) throws IOException {
        var earlier = pending.put(username, prompt);
        if (earlier != null) {
            earlier.expire();
        }
        shown(username).add(prompt);
        var action = prompt.decision.completeOnTimeout("timeout", 25, TimeUnit.SECONDS).join();
        pending.remove(username, prompt);
        answer(exchange, 200, Map.of("success", true, "action", action, "message", "Notification sent successfully"));
    }

    /** Null if it is none. */
    private Map<String, Object> request(HttpExchange exchange, byte[] body) {
        try {
            var request = new HashMap<>(json.readValue(body, Argument.mapOf(String.class, Object.class)));
            var texts = new ArrayList<Object>(List.of("username", "title", "body")).stream().map(request::get).toList();
            boolean isWhole = texts.stream().allMatch(text -> text instanceof String given && !given.isBlank())
                    && String.valueOf(request.get("actions")).equals(ACTIONS);
            boolean isPost = exchange.getRequestMethod().equals("POST") && exchange.getRequestURI().getPath().endsWith("/send-notification")
                    && "application/json".equals(exchange.getRequestHeaders().getFirst("Content-Type"));
            return isWhole && isPost ? request : null;
        } catch (IOException | RuntimeException e) {
            return null;
        }
    }

    private void answer(HttpExchange exchange, int status, Map<String, ?> fields) throws IOException {
        answer(exchange, status, new String(json.writeValueAsBytes(fields), StandardCharsets.UTF_8));
    }

    /** Any answer. */
    public static void answer(HttpExchange exchange, int status, String body) throws IOException {
        var bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", "application/json");
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        pending.values().forEach(Prompt::expire);
        http.stop(0);
        threads.shutdownNow();
    }
}
