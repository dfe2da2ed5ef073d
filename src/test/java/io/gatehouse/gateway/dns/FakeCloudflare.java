package io.gatehouse.gateway.dns;

import com.nimbusds.jose.util.JSONObjectUtils;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.text.ParseException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicReference;
import java.util.regex.Pattern;

/** Zones and records as Cloudflare's API (version 4) tells of them, with its envelopes, its checks and its errors. */
public final class FakeCloudflare implements AutoCloseable {

    public static final String EMAIL = "dns@example.org";
    public static final String TOKEN = "v1.0-token-of-forty-characters-abcdefghi";
    public static final String GLOBAL_KEY = "0123456789abcdef0123456789abcdef01234";

    private static final Pattern RECORDS = Pattern.compile("/client/v4/zones/([^/]+)/dns_records(?:/([^/]+))?");

    /** What it does instead of its work. */
    public interface Trouble {

        void meet(HttpExchange exchange) throws IOException;
    }

    private final HttpServer server;
    private final Map<String, String> zones = new LinkedHashMap<>();
    private final Map<String, Map<String, Object>> records = new LinkedHashMap<>();
    private final List<String> created = new ArrayList<>();
    private final AtomicReference<Trouble> trouble = new AtomicReference<>();
    private volatile CountDownLatch hanging = new CountDownLatch(0);
    private int lastId;

    public FakeCloudflare(String... zoneNames) {
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        for (var zone : zoneNames) {
            zones.put("zone" + zones.size(), zone);
        }
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/", this::handle);
        server.start();
    }

    public String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort() + "/client/v4";
    }

    public void meets(Trouble other) {
        trouble.set(other);
    }

    /** Answers nothing, until it works again. */
    public void hangs() {
        var end = new CountDownLatch(1);
        hanging = end;
        meets(exchange -> {
            try {
                end.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
    }

    public void answers(int status, String text, String... headers) {
        meets(exchange -> {
            for (int i = 0; i < headers.length; i += 2) {
                exchange.getResponseHeaders().add(headers[i], headers[i + 1]);
            }
            send(exchange, status, text);
        });
    }

    public void works() {
        trouble.set(null);
        hanging.countDown();
    }

    /** A record that somebody else has made. */
    public synchronized void has(String type, String name, String content) {
        var record = new LinkedHashMap<String, Object>(Map.of("type", type, "name", name, "content", content, "ttl", 1, "proxied", false));
        add(record);
    }

    public synchronized List<String> records(String name) {
        return records.values().stream().filter(record -> name.equals(record.get("name")))
                .map(record -> record.get("type") + " " + record.get("content")).sorted().toList();
    }

    /** The texts of a name, as its name servers tell of them. */
    public synchronized List<String> texts(String name) {
        return records.values().stream().filter(record -> name.equals(record.get("name")) && "TXT".equals(record.get("type")))
                .map(record -> ((String) record.get("content")).replace("\"", "")).toList();
    }

    /** How many records there are whose names end so. */
    public synchronized int size(String suffix) {
        return (int) records.values().stream().filter(record -> ((String) record.get("name")).endsWith(suffix)).count();
    }

    /** How many records with such names it was asked to make. */
    public synchronized int creations(String suffix) {
        return (int) created.stream().filter(name -> name.endsWith(suffix)).count();
    }

    private void handle(HttpExchange exchange) throws IOException {
        try (exchange) {
            var other = trouble.get();
            if (other != null) {
                other.meet(exchange);
                return;
            }
            work(exchange);
        } catch (ParseException e) {
            refuse(exchange, 400, 9207, "Content is no JSON");
        }
    }

    private synchronized void work(HttpExchange exchange) throws IOException, ParseException {
        var path = exchange.getRequestURI().getPath();
        var headers = exchange.getRequestHeaders();
        boolean token = ("Bearer " + TOKEN).equals(headers.getFirst("Authorization"));
        boolean key = GLOBAL_KEY.equals(headers.getFirst("X-Auth-Key")) && EMAIL.equals(headers.getFirst("X-Auth-Email"));
        if (!token && !key) {
            refuse(exchange, 403, 9109, "Invalid access token");
            return;
        }
        var query = query(exchange);
        var body = exchange.getRequestBody().readAllBytes();
        var match = RECORDS.matcher(path);
        if (path.equals("/client/v4/zones")) {
            accept(exchange, zones.entrySet().stream().filter(zone -> zone.getValue().equals(query.get("name")))
                    .map(zone -> Map.of("id", zone.getKey(), "name", zone.getValue(), "status", "active")).toList());
        } else if (!match.matches() || !zones.containsKey(match.group(1))) {
            refuse(exchange, 404, 7003, "Could not route to " + path + ", perhaps your object identifier is invalid?");
        } else if (match.group(2) != null && !records.containsKey(match.group(2))) {
            refuse(exchange, 404, 81044, "Record does not exist.");
        } else {
            records(exchange, zones.get(match.group(1)), match.group(2), query, body);
        }
    }

    private void records(HttpExchange exchange, String zone, String id, Map<String, String> query, byte[] body) throws IOException, ParseException {
        switch (exchange.getRequestMethod()) {
            case "GET" -> accept(exchange, records.values().stream().filter(record -> record.get("name").equals(query.get("name"))).toList());
            case "POST", "PUT" -> {
                var record = new LinkedHashMap<>(JSONObjectUtils.parse(new String(body, StandardCharsets.UTF_8)));
                var name = (String) record.get("name");
                if (!name.equals(zone) && !name.endsWith("." + zone)) {
                    refuse(exchange, 400, 9999, "The name is not in the zone");
                } else if (record.get("type").equals("A") && !((String) record.get("content")).matches("[0-9.]+")) {
                    refuse(exchange, 400, 9005, "Content for A record must be a valid IPv4 address.");
                } else if (record.get("type").equals("TXT") && !((String) record.get("content")).matches("\"[^\"\\\\]{1,255}\"")) {
                    refuse(exchange, 400, 9207, "Content for TXT record must be in quotation marks.");
                } else if (records.values().stream().anyMatch(other -> other.get("name").equals(name) && !other.get("id").equals(id)
                        && (other.get("type").equals("CNAME") || other.get("content").equals(record.get("content"))))) {
                    refuse(exchange, 400, 81058, "An identical record already exists.");
                } else if (id == null) {
                    created.add(name);
                    accept(exchange, add(record));
                } else {
                    record.put("id", id);
                    records.put(id, record);
                    accept(exchange, record);
                }
            }
            case "DELETE" -> {
                records.remove(id);
                accept(exchange, Map.of("id", id));
            }
            default -> refuse(exchange, 405, 10405, "Method not allowed");
        }
    }

    private Map<String, Object> add(Map<String, Object> record) {
        var id = "record" + ++lastId;
        record.put("id", id);
        records.put(id, record);
        return record;
    }

    private static Map<String, String> query(HttpExchange exchange) {
        var query = new HashMap<String, String>();
        var raw = exchange.getRequestURI().getRawQuery();
        for (var pair : raw == null ? new String[0] : raw.split("&")) {
            query.put(pair.split("=")[0], URLDecoder.decode(pair.split("=")[1], StandardCharsets.UTF_8));
        }
        return query;
    }

    private static void accept(HttpExchange exchange, Object result) throws IOException {
        var envelope = new LinkedHashMap<String, Object>();
        envelope.put("success", true);
        envelope.put("errors", List.of());
        envelope.put("messages", List.of());
        envelope.put("result", result);
        send(exchange, 200, JSONObjectUtils.toJSONString(envelope));
    }

    private static void refuse(HttpExchange exchange, int status, int code, String message) throws IOException {
        var envelope = new LinkedHashMap<String, Object>();
        envelope.put("success", false);
        envelope.put("errors", List.of(Map.of("code", code, "message", message)));
        envelope.put("messages", List.of());
        envelope.put("result", null);
        send(exchange, status, JSONObjectUtils.toJSONString(envelope));
    }

    private static void send(HttpExchange exchange, int status, String text) throws IOException {
        var bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    @Override
    public void close() {
        works();
        server.stop(0);
    }
}
