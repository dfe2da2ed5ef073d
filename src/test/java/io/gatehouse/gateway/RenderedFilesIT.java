package io.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.cluster.TransportProtocol;
import io.gatehouse.gateway.SiteSnapshot.DnsService;
import io.gatehouse.gateway.SiteSnapshot.Certificate;
import io.gatehouse.gateway.SiteSnapshot.Domain;
import io.gatehouse.gateway.SiteSnapshot.HttpService;
import io.gatehouse.gateway.SiteSnapshot.Node;
import io.gatehouse.gateway.SiteSnapshot.Range;
import io.gatehouse.gateway.SiteSnapshot.Service;
import io.gatehouse.gateway.SiteSnapshot.Site;
import io.gatehouse.gateway.SiteSnapshot.TransportService;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What nginx and dnsmasq themselves say of the files. */
class RenderedFilesIT {

    private static final int HOSTILE_SITES = 40;

    @TempDir
    Path folder;

    @BeforeEach
    void needTools() {
        GatewayTools.areNeeded();
    }

    @Test
    void nginxTakesThem() throws Exception {
        assertThat(GatewayTools.testNginx(folder, new NginxFiles().files(SampleSite.whole())))
                .satisfies(outcome -> assertThat(outcome.exit()).as(outcome.text()).isZero())
                .satisfies(outcome -> assertThat(outcome.text()).contains("syntax is ok").doesNotContain("[warn]"));
    }

    @Test
    void nginxTakesThemWithoutItsStreamModule() throws Exception {
        var files = new NginxFiles().files(SampleSite.whole());
        files.remove("nginx/stream.conf");
        assertThat(GatewayTools.testNginx(folder, files).exit()).isZero();
    }

    @Test
    void dnsmasqTakesThem() throws Exception {
        assertThat(GatewayTools.testDnsmasq(folder, new DnsmasqFiles().files(SampleSite.whole())))
                .satisfies(outcome -> assertThat(outcome.exit()).as(outcome.text()).isZero())
                .satisfies(outcome -> assertThat(outcome.text()).contains("syntax check OK"));
    }

    @Test
    void whateverTextIsQuotedNginxSeesNoMoreThanOneArgument() throws Exception {
        var random = new Random(1);
        var map = new StringBuilder("map $host $canary {\n");
        for (int i = 0; i < 2_000; i++) {
            map.append("    h%d %s;\n".formatted(i, NginxValue.text(hostile(random).replaceAll("[$\\p{Cc}]", ""))));
        }
        var files = new NginxFiles().files(SampleSite.whole());
        files.put("nginx/http/canary.conf", map.append("}\n").toString());

        assertThat(GatewayTools.testNginx(folder, files)).satisfies(outcome -> assertThat(outcome.exit()).as(outcome.text()).isZero());
        assertThat(canary()).doesNotExist();
    }

    @Test
    void aHostileSiteGivesFilesThatAreTakenAndHoldNothingThatWasNotMeant() throws Exception {
        var nginxNames = directiveNames(new NginxFiles().files(SampleSite.whole()));
        var dnsmasqNames = Set.copyOf(GatewayTools.options(new DnsmasqFiles().files(SampleSite.whole())));
        for (int seed = 0; seed < HOSTILE_SITES; seed++) {
            var site = hostileSite(new Random(seed));
            var here = Files.createDirectory(folder.resolve("site-" + seed));
            var nginx = new NginxFiles().files(site);
            var dnsmasq = new DnsmasqFiles().files(site);

            assertThat(nginxNames).as("seed %d", seed).containsAll(directiveNames(nginx));
            assertThat(dnsmasqNames).as("seed %d", seed).containsAll(GatewayTools.options(dnsmasq));
            assertThat(nginx).containsKey("nginx/http/1000.conf");
            assertThat(nginx.keySet()).allMatch(name -> name.matches("nginx/[a-zA-Z0-9._/-]+") && !name.contains(".."));
            assertThat(GatewayTools.testNginx(here, nginx)).as("seed %d", seed).satisfies(outcome ->
                    assertThat(outcome.exit()).as(outcome.text()).isZero());
            assertThat(GatewayTools.testDnsmasq(here, dnsmasq)).as("seed %d", seed).satisfies(outcome ->
                    assertThat(outcome.exit()).as(outcome.text()).isZero());
            assertThat(canary()).doesNotExist();
        }
    }

    @Test
    void theCanaryIsThereWhenADirectiveGetsOut() throws Exception {
        var files = new NginxFiles().files(SampleSite.whole());
        files.put("nginx/http/canary.conf", "server { listen 81; error_log " + canary() + "; }\n");
        GatewayTools.testNginx(folder, files);
        assertThat(canary()).exists();
    }

    private Path canary() {
        return folder.resolve("canary");
    }

    private static Set<String> directiveNames(Map<String, String> files) {
        return files.entrySet().stream().filter(file -> file.getKey().endsWith(".conf"))
                .flatMap(file -> NginxReader.directives(file.getValue()).stream())
                .map(directive -> directive.words().getFirst()).collect(Collectors.toSet());
    }

    /** One good service among many that mean harm. */
    private SiteSnapshot hostileSite(Random random) {
        var services = new ArrayList<Service>(List.of(new HttpService(1000, 8080, "good.example.org", 3, false)));
        var domains = new ArrayList<>(List.of(SampleSite.DOMAIN));
        for (int i = 0; i < 12; i++) {
            domains.add(new Domain(100 + i, random.nextBoolean() ? "d" + i + ".example.org" : hostile(random), random.nextBoolean(),
                    random.nextBoolean() ? null : new Certificate(hostile(random), Instant.EPOCH), random.nextBoolean() ? "https://a.example:8443/x" : hostile(random)));
            services.add(new HttpService(200 + i, random.nextInt(-5, 70_000), hostile(random), random.nextBoolean() ? 3 : 100 + i, random.nextBoolean()));
            services.add(new HttpService(600 + i, 80, "s" + i + ".example.org", 100 + i, true));
            services.add(new TransportService(300 + i, random.nextInt(-5, 70_000), random.nextBoolean() ? TransportProtocol.TCP : TransportProtocol.UDP,
                    random.nextInt(-5, 70_000), random.nextBoolean()));
            services.add(new DnsService(400 + i, random.nextInt(-5, 70_000), hostile(random), hostile(random)));
        }
        return new SiteSnapshot(
                new Site(1, hostile(random), random.nextBoolean() ? "berlin.internal" : hostile(random),
                        new Range(random.nextBoolean() ? "10.20.0.100" : hostile(random), random.nextBoolean() ? "10.20.0.199" : hostile(random)),
                        random.nextBoolean() ? "255.255.255.0" : hostile(random), hostile(random),
                        List.of(hostile(random), "1.1.1.1"), hostile(random)),
                List.of(new Node(1, hostile(random), "10.20.0.5"), new Node(2, "node2", hostile(random))),
                List.of(SampleSite.container(11, "web1", "10.20.0.100", services.toArray(Service[]::new)),
                        SampleSite.container(12, hostile(random), "10.20.0.101"),
                        SampleSite.container(13, "web3", hostile(random), new HttpService(500, 80, "three.example.org", 3, false))),
                domains);
    }

    /** What means something to one of them, in any order. */
    private String hostile(Random random) {
        var parts = List.of("\"", "'", "\\", ";", "{", "}", "\n", "\r", "\0", "\t", " ", "$host", "$", "${x}", "*", "*.", "~", "~*^(", "#", ",",
                "=", "/", "../", "_tcp", "_ldap._tcp", "a", "web1", "example.org", ".", "-", "ü", "\u2028", "\ud83d\ude00", "x".repeat(300), "@", "[::]", "tag:!x",
                "\"; } } error_log " + canary() + "; #", "; error_log " + canary() + ";", "\nserver=/#/6.6.6.6\n", "\nbogus-option\n", ",ignore",
                "\n} } error_log " + canary() + ";\nhttp { server {");
        return random.ints(1 + random.nextInt(4), 0, parts.size()).mapToObj(parts::get).collect(Collectors.joining());
    }
}
