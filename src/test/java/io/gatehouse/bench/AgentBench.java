package io.gatehouse.bench;

import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.util.json.JSONException;
import com.unboundid.util.json.JSONObject;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;

/** Measures how soon waiting agents have a change, and what it costs that they wait. */
final class AgentBench {

    private static final int SERVICES = 100;
    private static final Duration IDLE = Duration.ofSeconds(40);
    private static final double SLOWEST_MILLIS = 2_000;
    private static final double NANOS_PER_MILLI = 1e6;

    private final BenchOptions options;
    private final int agents;

    AgentBench(BenchOptions options, int agents) {
        this.options = options;
        this.agents = agents;
    }

    void run() throws LDAPException, IOException {
        var population = new Population(1_000);
        try (var arena = Arena.set(options.withoutSlapd().with(population)); var http = HttpClient.newHttpClient()) {
            var server = arena.gatehouse(population);
            var usage = new ProcessUsage(server.pid());
            var layout = new Layout(server, http);
            layout.build();
            long restingMemory = usage.residentMebibytes();
            long restingThreads = usage.threads();
            long restingCpu = idle(usage);
            Bench.progress("%,d agents begin to wait", agents);
            var crowd = new ArrayList<WaitingAgent>();
            var known = new CountDownLatch(agents);
            for (int i = 0; i < agents; i++) {
                var agent = new WaitingAgent(server.httpPort(), "/api/v1/sites/" + layout.site + "/bundle", layout.key, known);
                crowd.add(agent);
                Thread.ofVirtual().start(agent);
            }
            await(known);
            pause(options.warmUp());
            Bench.progress("nothing happens for %d s", IDLE.toSeconds());
            long waitingCpu = idle(usage);
            var delays = new ArrayList<Long>();
            long busyCpu = 0;
            for (int round = 0; round < options.rounds() + 1; round++) {
                var delivered = new CountDownLatch(agents);
                crowd.forEach(agent -> agent.expect(delivered));
                long cpu = usage.cpuMicros();
                long changed = System.nanoTime();
                layout.service(round);
                await(delivered);
                // The first one finds a cold server.
                if (round > 0) {
                    busyCpu += usage.cpuMicros() - cpu;
                    crowd.forEach(agent -> delays.add(agent.deliveredAt() - changed));
                }
                pause(Duration.ofSeconds(1));
            }
            var sorted = delays.stream().mapToLong(Long::longValue).sorted().toArray();
            System.out.print(report(usage, crowd.getFirst().length(), sorted, new long[] {restingCpu, waitingCpu, busyCpu}, restingMemory, restingThreads));
            crowd.forEach(WaitingAgent::stop);
        }
    }

    private String report(ProcessUsage usage, int bundle, long[] sorted, long[] cpu, long restingMemory, long restingThreads) {
        var text = new StringBuilder(String.format(Locale.ROOT, """

                %,d agents of one site wait on one node, by connections of their own on loopback; the site has %d services, a bundle %,d bytes.

                from a request that changes something to the last byte of what it changes, %d changes:
                  p50 %,.0f ms, p99 %,.0f ms, max %,.0f ms
                processor time of the server: %.1f us for each waiting agent and second, %,.0f us for each delivery
                memory: %,d MiB resident before, %,d MiB now; threads: %d before, %d now

                """, agents, SERVICES, bundle, options.rounds(), at(sorted, 0.5), at(sorted, 0.99), at(sorted, 1),
                (double) Math.max(0, cpu[1] - cpu[0]) / agents / IDLE.toSeconds(), (double) cpu[2] / agents / options.rounds(),
                restingMemory, usage.residentMebibytes(), restingThreads, usage.threads()));
        double slow = at(sorted, 0.99);
        return text.append(String.format(Locale.ROOT, "%-8s p99 from change to delivery %,.0f ms (at most %,.0f)%n",
                slow <= SLOWEST_MILLIS ? "reached" : "MISSED", slow, SLOWEST_MILLIS)).toString();
    }

    private static double at(long[] sorted, double share) {
        return sorted[(int) Math.min(sorted.length - 1, Math.ceil(share * sorted.length) - 1)] / NANOS_PER_MILLI;
    }

    /** @return processor time of the server in that time, in microseconds */
    private static long idle(ProcessUsage usage) {
        long before = usage.cpuMicros();
        pause(IDLE);
        return usage.cpuMicros() - before;
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void pause(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A site with a container that offers something. */
    private static final class Layout {

        private final URI server;
        private final String token;
        private final HttpClient http;
        private String site;
        private String container;
        private String domain;
        private String key;

        Layout(GatehouseProcess server, HttpClient http) {
            this.server = URI.create("http://127.0.0.1:" + server.httpPort());
            token = server.administratorToken();
            this.http = http;
        }

        void build() {
            site = made("/sites", """
                    {"name": "bench", "internalDomain": "bench.internal", "dhcpRange": "10.1.0.10,10.1.0.250", "subnetMask": "255.255.255.0", "gateway": "10.1.0.1"}""", "id");
            var node = made("/nodes", "{\"siteId\": %s, \"name\": \"pve1\"}".formatted(site), "id");
            domain = made("/external-domains", "{\"domain\": \"bench.example\", \"siteId\": %s}".formatted(site), "id");
            container = made("/containers", "{\"hostname\": \"web1\", \"nodeId\": %s}".formatted(node), "id");
            key = made("/sites/" + site + "/agent-keys", "{\"name\": \"bench\"}", "key");
            for (int i = 0; i < SERVICES; i++) {
                service(-1 - i);
            }
        }

        void service(int number) {
            made("/containers/" + container + "/services", """
                    {"type": "http", "containerPort": 8080, "externalHostname": "s%s", "externalDomainId": %s}""".formatted(number < 0 ? "x" + -number : number, domain), "id");
        }

        private String made(String path, String json, String field) {
            try {
                var answer = http.send(HttpRequest.newBuilder(server.resolve("/api/v1" + path)).header("Content-Type", "application/json")
                        .header("Authorization", "Bearer " + token).POST(HttpRequest.BodyPublishers.ofString(json)).build(), BodyHandlers.ofString());
                if (answer.statusCode() != 201) {
                    throw new IllegalStateException(path + " answered " + answer.statusCode() + " " + answer.body());
                }
                return new JSONObject(answer.body()).getField(field).toString().replace("\"", "");
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException | JSONException e) {
                throw new IllegalStateException(e);
            }
        }
    }
}
