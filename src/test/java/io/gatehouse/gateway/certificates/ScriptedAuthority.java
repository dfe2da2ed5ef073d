package io.gatehouse.gateway.certificates;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;

/** An ACME server that has a directory and nonces, and answers everything else as the test says. */
final class ScriptedAuthority implements AutoCloseable {

    private final HttpsServer server;
    private final AtomicInteger nonces = new AtomicInteger();
    private final CountDownLatch end = new CountDownLatch(1);
    private final AtomicInteger waiting = new AtomicInteger();
    private volatile Script script;

    /** What it answers to a new account, and to whatever follows. */
    interface Script {
        void answer(HttpExchange exchange) throws IOException;
    }

    ScriptedAuthority(SampleCertificate identity) throws IOException, GeneralSecurityException {
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(context(identity)));
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
    }

    String directory() {
        return url() + "/directory";
    }

    void answers(int status, String type, String text, String... headers) {
        script = exchange -> {
            for (int i = 0; i < headers.length; i += 2) {
                exchange.getResponseHeaders().add(headers[i], headers[i + 1]);
            }
            send(exchange, status, type, text);
        };
    }

    /** Answers nothing to the end of the test. */
    void hangs() {
        script = exchange -> {
            waiting.incrementAndGet();
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        };
    }

    /** How many wait for an answer. */
    int waiting() {
        return waiting.get();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            exchange.getResponseHeaders().add("Replay-Nonce", "nonce" + nonces.incrementAndGet());
            switch (exchange.getRequestURI().getPath()) {
                case "/directory" -> send(exchange, 200, "application/json", """
                        {"newNonce": "%1$s/nonce", "newAccount": "%1$s/account", "newOrder": "%1$s/order", "revokeCert": "%1$s/revoke",
                         "keyChange": "%1$s/key"}""".formatted(url()));
                case "/nonce" -> exchange.sendResponseHeaders(200, -1);
                default -> script.answer(exchange);
            }
        }
    }

    private String url() {
        return "https://localhost:" + server.getAddress().getPort();
    }

    private static void send(HttpExchange exchange, int status, String type, String text) throws IOException {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().add("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length == 0 ? -1 : bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private static SSLContext context(SampleCertificate identity) throws GeneralSecurityException, IOException {
        var store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        store.setKeyEntry("server", identity.keys().getPrivate(), new char[0], identity.chain().toArray(X509Certificate[]::new));
        var keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, new char[0]);
        var context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    @Override
    public void close() {
        end.countDown();
        server.stop(0);
    }
}
