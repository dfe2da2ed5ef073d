package io.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.gatehouse.gateway.SiteSnapshot.Domain;
import io.gatehouse.gateway.SiteSnapshot.HttpService;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Services for those who have signed in, behind a real nginx, with an auth server that speaks oauth2-proxy's protocol. */
class SignInIT {

    private static final String SESSION = "Cookie: _oauth2_proxy=of-alice";

    @TempDir
    Path folder;

    private final ConcurrentLinkedQueue<String> asked = new ConcurrentLinkedQueue<>();
    private HttpServer authServer;
    private HttpServer backend;
    private LocalNginx nginx;

    private record Reply(int status, String head, String body) {
    }

    @BeforeEach
    void start() throws IOException {
        GatewayTools.areNeeded();
        authServer = serve(this::authenticate);
        backend = serve(SignInIT::echo);
        var auth = "http://127.0.0.1:" + authServer.getAddress().getPort() + "/base/";
        int port = backend.getAddress().getPort();
        var site = new SiteSnapshot(SampleSite.SITE, List.of(), List.of(SampleSite.container(11, "web1", "127.0.0.1",
                new HttpService(1, port, "closed.example.org", 3, true),
                new HttpService(2, port, "open.example.org", 3, false),
                new HttpService(3, port, "closed.example.net", 4, true),
                new HttpService(4, port, "nowhere.example.com", 5, true),
                new HttpService(5, port, "twin.example.org", 3, true))),
                List.of(new Domain(3, "example.org", true, null, auth), new Domain(4, "example.net", true, null, null),
                        new Domain(5, "example.com", true, null, "https://auth.invalid")));
        nginx = new LocalNginx(folder, new NginxFiles().files(site), Map.of());
    }

    @AfterEach
    void stop() throws InterruptedException {
        if (nginx != null) {
            nginx.close();
            authServer.stop(0);
            backend.stop(0);
        }
    }

    private interface Handler {
        void handle(HttpExchange exchange) throws IOException;
    }

    private static HttpServer serve(Handler handler) throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", exchange -> {
            try (exchange) {
                handler.handle(exchange);
            }
        });
        server.start();
        return server;
    }

    /** Alice is known by her cookie, and to be her at one host only; mallory may enter nothing. */
    private void authenticate(HttpExchange exchange) throws IOException {
        var headers = exchange.getRequestHeaders();
        var host = headers.getFirst("X-Forwarded-Host");
        asked.add(exchange.getRequestMethod() + " " + exchange.getRequestURI() + " for " + host + " at " + headers.getFirst("Host")
                + " with " + headers.getFirst("Upgrade") + " " + exchange.getRequestBody().readAllBytes().length);
        var cookie = String.valueOf(headers.getFirst("Cookie"));
        if (!exchange.getRequestURI().getPath().equals("/base/oauth2/auth")) {
            answer(exchange, 200, "the auth server at " + exchange.getRequestURI() + ", back to " + headers.getFirst("X-Auth-Request-Redirect"));
        } else if (cookie.contains("of-mallory")) {
            answer(exchange, 403, "");
        } else if (cookie.contains("of-alice") && !"twin.example.org".equals(host)) {
            exchange.getResponseHeaders().add("X-Auth-Request-User", "alice");
            exchange.getResponseHeaders().add("X-Auth-Request-Email", "alice@example.org");
            exchange.getResponseHeaders().add("X-Auth-Request-Groups", "devs,ops");
            exchange.getResponseHeaders().add("Set-Cookie", "_oauth2_proxy=renewed");
            answer(exchange, 202, "");
        } else {
            answer(exchange, 401, "");
        }
    }

    private static void echo(HttpExchange exchange) throws IOException {
        int size = exchange.getRequestBody().readAllBytes().length;
        answer(exchange, exchange.getRequestURI().getPath().equals("/401") ? 401 : 200,
                exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + size + "\n" + exchange.getRequestHeaders().entrySet().stream()
                        .map(header -> header.getKey().toLowerCase() + ": " + String.join("|", header.getValue())).collect(Collectors.joining("\n")) + "\n");
    }

    private static void answer(HttpExchange exchange, int status, String text) throws IOException {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        if (bytes.length > 0) {
            exchange.getResponseBody().write(bytes);
        }
    }

    private Reply get(String host, String path, String... headers) throws IOException {
        return send("GET " + path + " HTTP/1.1", host, "", headers);
    }

    private Reply send(String line, String host, String body, String... headers) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), nginx.httpPort())) {
            var head = new StringBuilder(line + "\r\nHost: " + host + "\r\nConnection: close\r\n");
            for (var header : headers) {
                head.append(header).append("\r\n");
            }
            socket.getOutputStream().write((head + "Content-Length: " + body.length() + "\r\n\r\n" + body).getBytes(StandardCharsets.UTF_8));
            var reader = new BufferedReader(new InputStreamReader(socket.getInputStream(), StandardCharsets.UTF_8));
            var answer = reader.lines().collect(Collectors.joining("\n"));
            int end = answer.indexOf("\n\n");
            return new Reply(Integer.parseInt(answer.substring(9, 12)), answer.substring(0, end), answer.substring(end + 2) + "\n");
        }
    }

    @Test
    void whoHasNotSignedInIsSentToDoSo() throws Exception {
        var reply = get("closed.example.org", "/a%20b?c=d");

        assertThat(reply.status()).isEqualTo(302);
        assertThat(reply.head()).contains("/oauth2/sign_in?rd=http://closed.example.org/a%20b?c=d", "Cache-Control: no-store");
        assertThat(asked).singleElement().asString().startsWith("GET /base/oauth2/auth for closed.example.org at 127.0.0.1:");
    }

    @Test
    void theSignInIsTheAuthServers() throws Exception {
        var reply = get("closed.example.org", "/oauth2/sign_in", "X-Auth-Request-Redirect: https://evil.example/");

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body()).contains("the auth server at /base/oauth2/sign_in, back to null");
        assertThat(get("open.example.org", "/oauth2/sign_in").body()).as("a service of its own").contains("GET /oauth2/sign_in");
    }

    @Test
    void theSignInLeadsBackToTheWholeAddress() throws Exception {
        var address = get("closed.example.org", "/a%20b?c=d&e=f%26g&rd=http://h/").head().lines().filter(line -> line.startsWith("Location: ")).findFirst().orElseThrow();

        assertThat(get("closed.example.org", address.substring(address.indexOf("/oauth2/"))).body())
                .contains("the auth server at /base/oauth2/sign_in, back to http://closed.example.org/a%20b?c=d&e=f%26g&rd=http://h/");
        assertThat(get("closed.example.org", "/oauth2/sign_in?rd=http%3A%2F%2Fclosed.example.org%2F").body()).as("one that is encoded")
                .contains("the auth server at /base/oauth2/sign_in?rd=http%3A%2F%2Fclosed.example.org%2F, back to null");
    }

    @Test
    void whoHasSignedInPassesAndIsNamed() throws Exception {
        var reply = send("POST /a%20b?c=d HTTP/1.1", "closed.example.org", "some text", SESSION);

        assertThat(reply.status()).isEqualTo(200);
        assertThat(reply.body()).contains("POST /a%20b?c=d 9", "x-user: alice\n", "x-email: alice@example.org\n", "x-groups: devs,ops\n", "host: closed.example.org\n");
        assertThat(reply.head()).contains("Set-Cookie: _oauth2_proxy=renewed");
        assertThat(asked).singleElement().asString().as("the body is none of its business").startsWith("GET ").endsWith(" 0");
    }

    @Test
    void nobodyNamesHimself() throws Exception {
        var lies = new String[] {"X-User: root", "X-Email: root@example.org", "X-Groups: admins", "X-Preferred-Username: root", "X-Access-Token: root",
                "X-Auth-Request-User: root", "X-Forwarded-User: root", "Remote-User: root", SESSION};

        var closed = get("closed.example.org", "/", lies).body();
        assertThat(closed).contains("x-user: alice\n").doesNotContain("root", "admins", "x-access-token", "x-preferred-username");
        assertThat(get("open.example.org", "/", lies).body()).doesNotContain("root", "admins", "alice@");
    }

    @Test
    void aDecisionIsForOneHostAndOneRequest() throws Exception {
        assertThat(get("closed.example.org", "/", SESSION).status()).isEqualTo(200);
        assertThat(get("twin.example.org", "/", SESSION).status()).isEqualTo(302);
        assertThat(get("closed.example.org", "/").status()).isEqualTo(302);
        assertThat(get("closed.example.org", "/", SESSION).status()).isEqualTo(200);
        assertThat(asked).hasSize(4);
    }

    @Test
    void whoMayNotEnterIsTold() throws Exception {
        var reply = get("closed.example.org", "/", "Cookie: _oauth2_proxy=of-mallory");

        assertThat(reply.status()).isEqualTo(403);
        assertThat(reply.body()).contains("You may not open this page");
    }

    @Test
    void whatAServiceItselfRefusesGoesThrough() throws Exception {
        var reply = get("closed.example.org", "/401", SESSION);

        assertThat(reply.status()).isEqualTo(401);
        assertThat(reply.body()).contains("GET /401");
    }

    @Test
    void theQuestionItselfCannotBeAskedFromOutside() throws Exception {
        for (var path : List.of("/oauth2/auth", "/oauth2/%61uth", "/oauth2/./auth", "/x/../oauth2/auth", "//oauth2/auth")) {
            assertThat(get("closed.example.org", path, SESSION).status()).as(path).isEqualTo(404);
        }
        assertThat(asked).isEmpty();
    }

    @Test
    void anUpgradeIsNotTheAuthServers() throws Exception {
        var reply = get("closed.example.org", "/", SESSION, "Upgrade: websocket");

        assertThat(reply.body()).contains("upgrade: websocket");
        assertThat(asked).singleElement().asString().contains(" with null ");
    }

    @Test
    void noAuthServerMeansNoEntry() throws Exception {
        var reply = get("closed.example.net", "/", SESSION);

        assertThat(reply.status()).isEqualTo(503);
        assertThat(reply.body()).contains("cannot be offered at the moment");
        assertThat(get("closed.example.net", "/oauth2/auth").status()).isEqualTo(503);
    }

    @Test
    void anAuthServerThatDoesNotAnswerLetsNobodyIn() throws Exception {
        authServer.stop(0);

        for (var host : List.of("closed.example.org", "nowhere.example.com")) {
            var reply = get(host, "/", SESSION);
            assertThat(reply.status()).as(host).isEqualTo(500);
            assertThat(reply.body()).contains("The sign-in for this site does not answer");
        }
        assertThat(get("open.example.org", "/").status()).isEqualTo(200);
    }
}
