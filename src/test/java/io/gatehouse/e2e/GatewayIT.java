package io.gatehouse.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** The gateway of a site: nginx and dnsmasq of the distribution, kept by the agent that the server serves, with a container behind them. */
@ExtendWith(EndToEnd.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class GatewayIT {

    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(200);
    private static final String INSTALL = "curl -fsS http://ldap1.gatehouse.test:8080/agent/install | sh -s -- --no-install";
    private static final String GATEWAY = "192.0.2.40";
    private static final String UPLOAD = "2147483648";
    /** Holds up the test of a configuration for as long as somebody wants, so that the agent can be killed in it. */
    private static final String NGINX = """
            #!/bin/sh
            case " $* " in *" -t "*) if [ -e /run/hold ]; then : >/run/held; while [ -e /run/hold ]; do sleep 0.1; done; fi ;; esac
            exec /usr/sbin/nginx "$@"
            """;
    private static final String TREE = """
            cd /; find etc usr/local var/lib -xdev -printf '%m %u:%g %y %p %l\\n' -type f -exec sha256sum {} + | sort""";

    private final Lab lab;
    private Container gateway;
    private Container backend;
    private Container laptop;
    private Process traffic;
    private Object site;
    private Object node;
    private Object domain;
    private Object container;
    private String keyId;

    GatewayIT(Lab lab) {
        this.lab = lab;
    }

    @BeforeAll
    void start() {
        site = api().make("/sites", Map.of("name", "gateway", "internalDomain", "gw.internal", "dhcpRange", "192.0.2.100,192.0.2.150",
                "subnetMask", "255.255.255.0", "gateway", GATEWAY)).get("id");
        node = api().make("/nodes", Map.of("siteId", site, "name", "pve-gw", "ipv4Address", "192.0.2.50")).get("id");
        domain = api().make("/external-domains", Map.of("domain", "gw.example", "siteId", site)).get("id");
        var shop = api().make("/containers", Map.of("hostname", "shop1", "nodeId", node));
        container = shop.get("id");
        gateway = lab.start("gateway");
        backend = lab.start("backend");
        laptop = lab.start("laptop");
        backend.run("sh", "-c", "ip address flush dev eth0 && ip address add " + shop.get("ipv4Address") + "/24 dev eth0").orFail();
        traffic = started(backend, "serve");
        gateway.runWithInput(NGINX, "sh", "-c", "cat > /usr/local/sbin/nginx; chmod 755 /usr/local/sbin/nginx; : > /etc/resolv.conf").orFail();
        gateway.run("sh", "-c", "GATEHOUSE_AGENT_KEY=" + newKey() + "; export GATEHOUSE_AGENT_KEY; " + INSTALL + " --site " + site).orFail();
        startAgent();
        await("the gateway to be current", () -> "current".equals(agent().get("state")));
    }

    @AfterAll
    void stop() {
        if (traffic != null) {
            traffic.destroy();
        }
        Stream.of(gateway, backend, laptop).filter(started -> started != null).forEach(Container::close);
    }

    @Test
    void anHttpServiceAnswersInNoTime() {
        http("slow", 8080);
        awaitAnswer("slow");
        await("the gateway to rest", () -> "current".equals(agent().get("state")));
        var before = Instant.now();
        http("fast", 8080);
        lab.workstation().run("sh", "-c", "for i in $(seq 600); do " + curl("fast", "") + " -o /dev/null -f && exit; sleep 0.05; done; exit 1").orFail();
        var took = Duration.between(before, Instant.now());
        System.out.println("GatewayIT: an HTTP service answered " + took.toMillis() + " ms after its creation was asked for");
        assertThat(took).isLessThan(Duration.ofSeconds(30));
    }

    @Test
    void programsAreToldWhoAsksByNobodyButTheGateway() {
        http("headers", 8080);
        awaitAnswer("headers");

        var seen = ask("headers", "-H 'Remote-User: root' -H 'X-Forwarded-For: 9.9.9.9' -H 'X-Auth-Request-Email: root@example.org'");

        assertThat(seen).contains("X-forwarded-for: [192.0.2.10]", "X-forwarded-proto: [http]", "Host: [headers.gw.example]").doesNotContain("root", "9.9.9.9");
    }

    @Test
    void webSocketsGoThrough() {
        http("socket", 8081);
        await("an echo", () -> outcome(traffic(laptop, "websocket", GATEWAY, "socket.gw.example", "hello")).out().strip().equals("hello"));
    }

    @Test
    void largeUploadsGoThroughAsTheyCome() {
        http("large", 8080);
        awaitAnswer("large");
        var before = Instant.now();

        var answer = laptop.run("sh", "-c", "head -c " + UPLOAD + " /dev/zero | " + curl("large", "-X PUT -T -") + " --max-time 100").orFail().out();

        System.out.println("GatewayIT: 2 GiB went through in " + Duration.between(before, Instant.now()).toMillis() + " ms");
        assertThat(answer).startsWith("PUT / " + UPLOAD + "\n");
        assertThat(gateway.run("sh", "-c", "find /var/lib/nginx -type f -size +0; du -sk /var/lib/nginx | cut -f 1").orFail().out().lines().toList().getLast())
                .satisfies(kilobytes -> assertThat(Long.parseLong(kilobytes)).isLessThan(1024));
    }

    @Test
    void unknownNamesAndProgramsThatDoNotAnswerGetFriendlyPages() {
        http("nobody", 9);
        await("the page", () -> ask("nobody", "-w ' %{http_code}'").endsWith(" 502"));
        assertThat(ask("nobody", "")).contains("The site is there, but the program behind it does not answer.");
        assertThat(ask("unknown", "-w ' %{http_code}'")).contains("There is no site of this name").endsWith(" 404");
    }

    @Test
    void portsPassBytes() {
        var tcp = service(Map.of("type", "transport", "protocol", "tcp", "containerPort", 7));
        var udp = service(Map.of("type", "transport", "protocol", "udp", "containerPort", 7));

        await("an echo by TCP", () -> outcome(traffic(laptop, "tcp", GATEWAY, tcp.get("externalPort").toString(), "bytes")).out().strip().equals("bytes"));
        await("an echo by UDP", () -> outcome(traffic(laptop, "udp", GATEWAY, udp.get("externalPort").toString(), "bytes")).out().strip().equals("bytes"));
    }

    @Test
    void aCertificateIsFetchedAndAnswersForItsDomain() {
        var tls = api().make("/external-domains", Map.of("domain", "tls.example", "siteId", site)).get("id");
        lab.workstation().runWithInput("""
                [req]
                distinguished_name = name
                [name]
                [server]
                basicConstraints = critical, CA:FALSE
                subjectAltName = DNS:tls.example, DNS:*.tls.example
                """, "sh", "-c", """
                cat > /tmp/tls.conf
                openssl req -x509 -config /tmp/tls.conf -extensions server -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 \
                  -subj /CN=tls.example -keyout /tmp/tls.key -out /tmp/tls.pem""").orFail();
        api().put("/external-domains/" + tls + "/certificate", Map.of("chain", lab.workstation().run("cat", "/tmp/tls.pem").orFail().out(),
                "key", lab.workstation().run("cat", "/tmp/tls.key").orFail().out()));
        service(Map.of("type", "http", "containerPort", 8080, "externalHostname", "shop", "externalDomainId", tls));
        var overTls = service(Map.of("type", "transport", "protocol", "tcp", "containerPort", 7, "useTls", true));
        var port = overTls.get("externalPort");

        await("the site over HTTPS", () -> overTls("-w ' HTTP/%{http_version}' https://shop.tls.example/").matches("(?s)GET / 0.* HTTP/2"));
        assertThat(overTls("-o /dev/null -w '%{http_code} %{redirect_url}' http://shop.tls.example/a?b=c")).isEqualTo("308 https://shop.tls.example/a?b=c");
        await("an echo over TLS", () -> lab.workstation().run("sh", "-c", "(printf 'bytes\\n'; sleep 1) | timeout 10 openssl s_client -quiet -verify_return_error"
                + " -CAfile /tmp/tls.pem -servername any.tls.example -connect " + GATEWAY + ":" + port + " 2>/dev/null").out().contains("bytes"));
        assertThat(gateway.run("sh", "-c", "find /var/lib/gatehouse-agent -name '*.pem' -type f -printf '%m %u\\n'").orFail().out().strip()).isEqualTo("600 root");

        api().delete("/external-domains/" + tls + "/certificate");
        await("plain HTTP again", () -> overTls("http://shop.tls.example/").startsWith("GET / 0"));
        await("that to be told", () -> leftOut().contains("nginx/stream/tcp-" + port + ".conf, reason=it speaks TLS, and no domain of the site has a certificate"));
        api().delete("/containers/" + container + "/services/" + overTls.get("id"));
    }

    private String overTls(String arguments) {
        return lab.workstation().run("sh", "-c", "curl -sS -m 30 --cacert /tmp/tls.pem --resolve shop.tls.example:80:" + GATEWAY
                + " --resolve shop.tls.example:443:" + GATEWAY + " " + arguments).out();
    }

    @Test
    void namesOfTheSiteAreKnownByDns() {
        var address = api().make("/containers", Map.of("hostname", "named1", "nodeId", node)).get("ipv4Address");
        service(Map.of("type", "dns", "containerPort", 389, "serviceName", "_ldap._tcp"));

        await("the address", () -> dig("named1.gw.internal").equals(address));
        assertThat(dig("pve-gw.gw.internal")).isEqualTo("192.0.2.50");
        assertThat(dig("-x", address.toString())).isEqualTo("named1.gw.internal.");
        await("the record", () -> dig("_ldap._tcp.gw.internal", "SRV").equals("0 0 389 shop1.gw.internal."));
        assertThat(dig("nobody.gw.internal")).isEmpty();
    }

    @Test
    void aContainerGetsItsAddressByDhcpAndAStrangerNone() {
        var made = api().make("/containers", Map.of("hostname", "lease1", "nodeId", node));
        await("the reservation", () -> gateway.run("grep", "-q", made.get("macAddress").toString(), file("dnsmasq/dhcp-hosts")).succeeded());

        assertThat(lease("02:00:00:00:00:99")).isEmpty();
        await("the lease", () -> lease(made.get("macAddress").toString()).equals(made.get("ipv4Address") + " " + GATEWAY + " gw.internal"));
    }

    @Test
    void whatIsHostileOrBrokenLeavesTheOthersServing() {
        var good = http("good", 8080);
        var hostile = http("hostile", 8080);
        awaitAnswer("good");
        var other = started(gateway, "listen", "2345");

        lab.database().execute("alter table http_services drop constraint http_service_hostname_form, drop constraint http_service_name_form");
        lab.database().execute("update http_services set external_hostname = E'x\\\\\"; } } error_log /run/canary; #' where service_id = " + hostile.get("id"));
        lab.database().execute("with s as (insert into services (container_id, type, container_port) values (" + container
                + ", 'transport', 7) returning id) insert into transport_services (service_id, protocol, external_port) select id, 'tcp', 2345 from s");
        http("later", 8080);

        awaitAnswer("later");
        awaitAnswer("good");
        await("it to be told", () -> leftOut().contains("service " + hostile.get("id") + ", reason=is no host name"));
        await("that to be told", () -> leftOut().contains("nginx/stream/tcp-2345.conf, reason=another program has port 2345/tcp on this machine"));
        assertThat(gateway.run("ls", "/run/canary").succeeded()).isFalse();
        assertThat(agent().get("state")).isEqualTo("current");

        other.destroy();
        await("the port to be served after all", () -> !leftOut().contains("2345"));
        api().delete("/containers/" + container + "/services/" + hostile.get("id"));
        lab.database().execute("delete from services where id in (select service_id from transport_services where external_port = 2345)");
        assertThat(good).isNotEmpty();
    }

    @Test
    void whatNginxRefusesAsAWholeIsReportedTriedAgainAndChangesNothing() {
        http("present", 8080);
        awaitAnswer("present");
        gateway.runWithInput("this_is_no_directive;\n", "sh", "-c", "cat > /etc/gatehouse-agent/http.d/bad.conf").orFail();
        http("refused", 8080);

        await("the report", () -> "failing".equals(agent().get("state")));
        assertThat(agent().get("nginxError").toString()).contains("unknown directive \"this_is_no_directive\"");
        assertThat(ask("present", "")).startsWith("GET / 0");

        gateway.run("rm", "/etc/gatehouse-agent/http.d/bad.conf").orFail();
        awaitAnswer("refused");
        await("the report", () -> "current".equals(agent().get("state")));
    }

    @Test
    void anAgentThatIsKilledInTheMiddleGoesOnWhereItWas() {
        http("before", 8080);
        awaitAnswer("before");
        gateway.run("touch", "/run/hold").orFail();
        http("during", 8080);
        await("nginx to be asked", () -> gateway.run("ls", "/run/held").succeeded());

        gateway.run("sh", "-c", "kill -9 $(cat /run/agent.pid); rm -f /run/held").orFail();
        assertThat(ask("before", "")).startsWith("GET / 0");
        gateway.run("rm", "/run/hold").orFail();
        startAgent();

        awaitAnswer("during");
        await("what was half made to be gone", () ->
                gateway.run("sh", "-c", "ls -A /var/lib/gatehouse-agent/generations | wc -l").orFail().out().strip().equals("1"));
    }

    @Test
    void aServerThatLiesChangesNothing() {
        http("honest", 8080);
        awaitAnswer("honest");
        var config = gateway.run("cat", "/etc/gatehouse-agent/config").orFail().out();
        var liar = started(gateway, "lie", "8099");
        try {
            restartAgent(config.replaceFirst("SERVER=.*", "SERVER=http://127.0.0.1:8099"));

            for (var notice : List.of("what the server sent is no archive of files of a gateway", "what the server answered is not whole",
                    "the server cannot be reached: curl: (", "the server answered 500")) {
                await(notice, () -> gateway.run("grep", "-qF", notice, "/var/log/agent.log").succeeded());
            }
            assertThat(ask("honest", "")).startsWith("GET / 0");
            assertThat(gateway.run("ls", "/etc/escaped").succeeded()).isFalse();
        } finally {
            liar.destroy();
            restartAgent(config);
        }
        http("truth", 8080);
        awaitAnswer("truth");
        await("the gateway to be current", () -> "current".equals(agent().get("state")));
    }

    private void restartAgent(String config) {
        gateway.runWithInput(config, "sh", "-c", """
                cat > /etc/gatehouse-agent/config
                kill $(cat /run/agent.pid)
                flock -w 60 /var/lib/gatehouse-agent/lock true
                : > /var/log/agent.log""").orFail();
        startAgent();
    }

    @Test
    void oneAgentIsEnough() {
        var second = gateway.run("/usr/local/sbin/gatehouse-agent", "run");
        assertThat(second.exit()).isEqualTo(1);
        assertThat(second.err()).contains("Another agent runs on this machine.");
    }

    @Test
    void aDeletedKeyIsRefusedAtOnceAndTheGatewayGoesOn() {
        http("stays", 8080);
        awaitAnswer("stays");

        api().delete("/sites/" + site + "/agent-keys/" + keyId);

        await("the agent to say so", () -> gateway.run("grep", "-q", "does not take this agent's key any more (answer 401)", "/var/log/agent.log").succeeded());
        assertThat(ask("stays", "")).startsWith("GET / 0");
        gateway.runWithInput(newKey(), "sh", "-c", "umask 077; cat > /etc/gatehouse-agent/key").orFail();
        http("returns", 8080);
        awaitAnswer("returns");
        gateway.run("sh", "-c", ": > /var/log/agent.log").orFail();
    }

    @Test
    void isInstalledOnceAndLeavesNothingBehind() {
        var before = tree();
        var install = "GATEHOUSE_AGENT_KEY=" + newKey() + "; export GATEHOUSE_AGENT_KEY; " + INSTALL + " --site " + site;

        assertThat(laptop.run("sh", "-c", install + " --dry-run").orFail().out()).contains("would write /usr/local/sbin/gatehouse-agent");
        assertThat(tree()).isEqualTo(before);
        laptop.run("sh", "-c", install).orFail();
        assertThat(laptop.run("stat", "-c", "%a %U", "/etc/gatehouse-agent/key").orFail().out().strip()).isEqualTo("600 root");
        assertThat(laptop.run("sh", "-c", INSTALL).orFail().out()).contains("unchanged  /usr/local/sbin/gatehouse-agent", "unchanged  /etc/gatehouse-agent/key")
                .doesNotContain("  write ");
        laptop.run("/usr/local/sbin/gatehouse-agent", "uninstall").orFail();
        assertThat(tree()).isEqualTo(before);
    }

    private Api api() {
        return lab.api();
    }

    private String newKey() {
        var key = api().make("/sites/" + site + "/agent-keys", Map.of("name", "gateway " + Instant.now()));
        keyId = key.get("id").toString();
        return key.get("key").toString();
    }

    private void startAgent() {
        gateway.run("sh", "-c", "setsid /usr/local/sbin/gatehouse-agent run </dev/null >>/var/log/agent.log 2>&1 & echo $! > /run/agent.pid").orFail();
    }

    private Map<String, Object> http(String name, int port) {
        return service(Map.of("type", "http", "containerPort", port, "externalHostname", name, "externalDomainId", domain));
    }

    private Map<String, Object> service(Map<String, ?> wish) {
        return api().make("/containers/" + container + "/services", wish);
    }

    @SuppressWarnings("unchecked")
    private Map<String, Object> agent() {
        var items = (List<Map<String, Object>>) api().get("/agents?siteId=" + site).get("items");
        return items.isEmpty() ? Map.of() : items.getFirst();
    }

    private String leftOut() {
        return String.valueOf(agent().get("leftOut"));
    }

    private static String curl(String name, String arguments) {
        return "curl -sS -m 30 --resolve " + name + ".gw.example:80:" + GATEWAY + " " + arguments + " http://" + name + ".gw.example/";
    }

    private String ask(String name, String arguments) {
        return lab.workstation().run("sh", "-c", curl(name, arguments)).out();
    }

    private void awaitAnswer(String name) {
        await(name + " to answer", () -> ask(name, "").startsWith("GET / 0"));
    }

    private String dig(String... question) {
        return laptop.run(Stream.concat(Stream.of("dig", "+short", "+tries=1", "+time=3", "@" + GATEWAY), Stream.of(question)).toArray(String[]::new)).out().strip();
    }

    /** @return address, router and domain that somebody with this hardware address is given; empty for none */
    private String lease(String macAddress) {
        return laptop.runWithInput("""
                #!/bin/sh
                [ "$1" != bound ] || echo "$ip $router ${search:-$domain}"
                """, "sh", "-c", """
                cat > /tmp/leased; chmod 755 /tmp/leased
                ip link set eth0 address %s
                busybox udhcpc -i eth0 -n -q -t 3 -T 1 -O search -s /tmp/leased 2>/dev/null""".formatted(macAddress)).out().strip();
    }

    private String tree() {
        return laptop.run("sh", "-c", TREE).orFail().out();
    }

    private static String file(String path) {
        return "/var/lib/gatehouse-agent/current/" + path;
    }

    private List<String> traffic(Container where, String... arguments) {
        return Stream.of(lab.inNetworkOf(where).stream(), Stream.of(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-XX:+UseSerialGC",
                "-cp", System.getProperty("java.class.path"), Traffic.class.getName()), Stream.of(arguments)).flatMap(part -> part).toList();
    }

    private Process started(Container where, String... arguments) {
        try {
            var process = new ProcessBuilder(traffic(where, arguments)).redirectError(ProcessBuilder.Redirect.INHERIT).start();
            assertThat(process.inputReader().readLine()).isEqualTo("ready");
            return process;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Outcome outcome(List<String> command) {
        return Outcome.of(new ProcessBuilder(command), "");
    }

    private static void await(String what, BooleanSupplier condition) {
        var end = Instant.now().plus(PATIENCE);
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).as("waiting for " + what).isBefore(end);
            LockSupport.parkNanos(POLL.toNanos());
        }
    }
}
