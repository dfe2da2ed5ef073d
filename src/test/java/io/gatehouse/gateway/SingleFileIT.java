package io.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What nginx and dnsmasq say of the configurations that are one file. */
class SingleFileIT {

    @TempDir
    Path folder;

    @BeforeEach
    void needTools() {
        GatewayTools.areNeeded();
    }

    @Test
    void nginxTakesItAlone() throws Exception {
        var text = SingleFile.nginx(new NginxFiles().files(SampleSite.whole()));
        assertThat(text).doesNotContain("include local", "include shared", "include http", "include stream", "include domains")
                .contains("proxy_pass \"http://10.20.0.100:8080\";", "    ssl_reject_handshake on;", "proxy_set_header X-Forwarded-For $remote_addr;");

        assertThat(GatewayTools.run("unshare", "--mount", "sh", "-c", """
                mount -t tmpfs tmpfs /var/log/nginx && mount -t tmpfs tmpfs /run && nginx -t -c "$1" """, "sh", Files.writeString(folder.resolve("nginx.conf"), text).toString()))
                .satisfies(outcome -> assertThat(outcome.exit()).as(outcome.text()).isZero());
    }

    @Test
    void dnsmasqTakesItAlone() throws Exception {
        var text = SingleFile.dnsmasq(new DnsmasqFiles().files(SampleSite.whole()));
        assertThat(text).contains("srv-host=");
        assertThat(GatewayTools.testDnsmasq(folder, Map.of("dnsmasq/conf", text))).satisfies(outcome ->
                assertThat(outcome.exit()).as(outcome.text()).isZero());
    }
}
