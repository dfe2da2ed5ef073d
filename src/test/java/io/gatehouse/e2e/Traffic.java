package io.gatehouse.e2e;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * What containers offer, and who uses it: a process in a container's network. {@code serve} answers HTTP at port 8080, WebSockets at 8081, and
 * sends back what it gets at TCP and UDP port 7; {@code listen} has a port; {@code lie} says it is a server of Gatehouse; {@code websocket}, {@code tcp} and {@code udp} send a word and print what comes back.
 * Who serves ends with his standard input.
 */
final class Traffic {

    private static final int HTTP = 8080;
    private static final int WEBSOCKET = 8081;
    private static final int ECHO = 7;
    private static final int PATIENCE_MILLIS = 10_000;
    private static final String WEBSOCKET_GUID = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    private Traffic() {
    }

    public static void main(String[] arguments) throws Exception {
        switch (arguments[0]) {
            case "serve" -> {
                Thread.ofPlatform().daemon().start(Traffic::endWithInput);
                serve();
            }
            case "listen" -> {
                Thread.ofPlatform().daemon().start(Traffic::endWithInput);
                listen(Integer.parseInt(arguments[1]));
            }
            case "lie" -> {
                Thread.ofPlatform().daemon().start(Traffic::endWithInput);
                lie(Integer.parseInt(arguments[1]));
            }
            case "websocket" -> System.out.println(webSocket(arguments[1], arguments[2], arguments[3]));
            case "tcp" -> System.out.println(tcp(arguments[1], Integer.parseInt(arguments[2]), arguments[3]));
            case "udp" -> System.out.println(udp(arguments[1], Integer.parseInt(arguments[2]), arguments[3]));
            default -> throw new IllegalArgumentException(arguments[0]);
        }
    }

    /** Nobody is left behind by a test that ends early. */
    private static void endWithInput() {
        try {
            System.in.transferTo(OutputStream.nullOutputStream());
        } catch (IOException e) {
            System.err.println(e);
        }
        System.exit(0);
    }

    private static void serve() throws Exception {
        var http = HttpServer.create(new InetSocketAddress(HTTP), 0);
        http.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        http.createContext("/", exchange -> {
            var headers = exchange.getRequestHeaders().entrySet().stream().map(header -> header.getKey() + ": " + header.getValue() + "\n")
                    .sorted().collect(Collectors.joining());
            long length = 0;
            var buffer = new byte[1 << 16];
            for (int read = exchange.getRequestBody().read(buffer); read >= 0; read = exchange.getRequestBody().read(buffer)) {
                length += read;
            }
            var answer = (exchange.getRequestMethod() + " " + exchange.getRequestURI() + " " + length + "\n" + headers).getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, answer.length);
            exchange.getResponseBody().write(answer);
            exchange.close();
        });
        http.start();
        var sockets = new ServerSocket(WEBSOCKET);
        Thread.ofPlatform().start(() -> accept(sockets, Traffic::echoFrames));
        var echo = new ServerSocket(ECHO);
        Thread.ofPlatform().start(() -> accept(echo, socket -> socket.getInputStream().transferTo(socket.getOutputStream())));
        var datagrams = new DatagramSocket(ECHO);
        Thread.ofPlatform().start(() -> echoDatagrams(datagrams));
        System.out.println("ready");
    }

    private static void listen(int port) throws IOException {
        try (var server = new ServerSocket(port)) {
            System.out.println("ready");
            server.accept().close();
        }
    }

    /** Each bundle is bad in another way: first those that are what their tag says. */
    private static void lie(int port) throws Exception {
        var escape = tarHeader("../../../../../etc/escaped", '0', "");
        var link = tarHeader("nginx/nginx.conf", '2', "/etc/shadow");
        var answers = List.of(
                new Lie(200, null, "no archive at all".getBytes(StandardCharsets.UTF_8), 0),
                new Lie(200, null, escape, 0),
                new Lie(200, null, link, 0),
                new Lie(200, null, tarHeader("nginx/../../../etc/escaped", '0', ""), 0),
                new Lie(200, "0".repeat(64), escape, 0),
                new Lie(200, null, escape, 7),
                new Lie(500, null, new byte[0], 0));
        var next = new AtomicInteger();
        var http = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        http.createContext("/", exchange -> {
            exchange.getRequestBody().readAllBytes();
            if (exchange.getRequestURI().getPath().endsWith("/bundle")) {
                answers.get(next.getAndIncrement() % answers.size()).answer(exchange);
            } else {
                exchange.sendResponseHeaders(204, -1);
            }
            exchange.close();
        });
        http.start();
        System.out.println("ready");
    }

    /** @param missing bytes that are announced and not sent */
    private record Lie(int status, String tag, byte[] body, int missing) {

        void answer(HttpExchange exchange) throws IOException {
            exchange.getResponseHeaders().add("ETag", '"' + (tag == null ? sha256(body) : tag) + '"');
            exchange.sendResponseHeaders(status, body.length == 0 ? -1 : body.length + missing);
            exchange.getResponseBody().write(body);
        }

        private static String sha256(byte[] bytes) throws IOException {
            try {
                return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
            } catch (NoSuchAlgorithmException e) {
                throw new IOException(e);
            }
        }
    }

    /** An archive (ustar) of one empty file, or of a link. */
    private static byte[] tarHeader(String name, char type, String target) {
        var archive = new byte[3 * 512];
        put(archive, 0, name);
        put(archive, 100, "0000644\0000000000\0000000000\000" + "00000000000\00000000000000\000" + "        " + type + target);
        put(archive, 257, "ustar\00000");
        int sum = 0;
        for (byte each : archive) {
            sum += each;
        }
        put(archive, 148, "%06o\0 ".formatted(sum));
        return archive;
    }

    private static void put(byte[] archive, int at, String text) {
        var bytes = text.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(bytes, 0, archive, at, bytes.length);
    }

    private interface Service {
        void serve(Socket socket) throws Exception;
    }

    private static void accept(ServerSocket server, Service service) {
        while (true) {
            try {
                var socket = server.accept();
                Thread.ofVirtual().start(() -> {
                    try (socket) {
                        service.serve(socket);
                    } catch (Exception e) {
                        System.err.println(e);
                    }
                });
            } catch (IOException e) {
                return;
            }
        }
    }

    private static void echoDatagrams(DatagramSocket socket) {
        try {
            var packet = new DatagramPacket(new byte[1500], 1500);
            while (true) {
                packet.setLength(1500);
                socket.receive(packet);
                socket.send(packet);
            }
        } catch (IOException e) {
            System.err.println(e);
        }
    }

    /** RFC 6455, for short frames. */
    private static void echoFrames(Socket socket) throws Exception {
        var in = socket.getInputStream();
        var key = head(in).replaceFirst("(?is).*sec-websocket-key: *([^\r]+)\r.*", "$1");
        var accept = Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-1").digest((key + WEBSOCKET_GUID).getBytes(StandardCharsets.US_ASCII)));
        var out = socket.getOutputStream();
        out.write(("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Accept: " + accept + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
        while (true) {
            int first = in.read();
            if (first < 0) {
                return;
            }
            int length = in.read() & 0x7f;
            var mask = in.readNBytes(4);
            var data = in.readNBytes(length);
            for (int i = 0; i < length; i++) {
                data[i] ^= mask[i % 4];
            }
            out.write(first);
            out.write(length);
            out.write(data);
        }
    }

    private static String webSocket(String gateway, String host, String word) throws IOException {
        try (var socket = new Socket(gateway, 80)) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            var out = socket.getOutputStream();
            var in = socket.getInputStream();
            out.write(("GET /chat HTTP/1.1\r\nHost: " + host + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
                    + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
            var head = head(in);
            if (!head.startsWith("HTTP/1.1 101 ")) {
                return head;
            }
            var data = word.getBytes(StandardCharsets.UTF_8);
            out.write(new byte[] {(byte) 0x81, (byte) (0x80 | data.length), 0, 0, 0, 0});
            out.write(data);
            in.read();
            return new String(in.readNBytes(in.read()), StandardCharsets.UTF_8);
        }
    }

    private static String tcp(String host, int port, String word) throws IOException {
        try (var socket = new Socket(host, port)) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            socket.getOutputStream().write(word.getBytes(StandardCharsets.UTF_8));
            socket.shutdownOutput();
            return read(socket.getInputStream());
        }
    }

    private static String udp(String host, int port, String word) throws IOException {
        try (var socket = new DatagramSocket()) {
            socket.setSoTimeout(PATIENCE_MILLIS);
            var data = word.getBytes(StandardCharsets.UTF_8);
            socket.send(new DatagramPacket(data, data.length, InetAddress.getByName(host), port));
            var answer = new DatagramPacket(new byte[1500], 1500);
            socket.receive(answer);
            return new String(answer.getData(), 0, answer.getLength(), StandardCharsets.UTF_8);
        }
    }

    private static String head(InputStream in) throws IOException {
        var head = new StringBuilder();
        while (head.indexOf("\r\n\r\n") < 0) {
            int next = in.read();
            if (next < 0) {
                break;
            }
            head.append((char) next);
        }
        return head.toString();
    }

    private static String read(InputStream in) throws IOException {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
}
