package io.gatehouse.gateway;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** nginx and dnsmasq as Debian's packages install them, run in a network namespace of their own. */
final class GatewayTools {

    private static final Map<String, String> PACKAGES = Map.of(
            "/usr/sbin/nginx", "nginx", "/usr/lib/nginx/modules/ngx_stream_module.so", "libnginx-mod-stream",
            "/usr/sbin/dnsmasq", "dnsmasq-base", "/usr/bin/unshare", "util-linux");

    private GatewayTools() {
    }

    record Outcome(int exit, String text) {
    }

    /** Skips the test if they are not there, with the reason; with {@code CI=true} it fails. */
    static void areNeeded() {
        var missing = new ArrayList<String>();
        PACKAGES.forEach((file, debianPackage) -> {
            if (!Files.exists(Path.of(file))) {
                missing.add("the Debian package " + debianPackage + " is not installed");
            }
        });
        if (!System.getProperty("user.name").equals("root")) {
            missing.add("must be run by root");
        }
        if (missing.isEmpty()) {
            return;
        }
        var message = "no file is shown to nginx and dnsmasq: " + missing;
        System.err.println("SKIPPED " + message);
        if ("true".equals(System.getenv("CI"))) {
            throw new IllegalStateException(message);
        }
        assumeTrue(false, message);
    }

    /** In a new network namespace, where nothing has any address. */
    static Outcome run(String... command) throws IOException, InterruptedException {
        var process = new ProcessBuilder(Stream.concat(Stream.of("unshare", "--net"), Stream.of(command)).toList())
                .redirectErrorStream(true).start();
        process.getOutputStream().close();
        var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        return new Outcome(process.waitFor(), text);
    }

    /** As an agent does, but with the logs and working files of nginx below the folder. */
    static Outcome testNginx(Path folder, Map<String, String> files) throws IOException, InterruptedException {
        write(folder, files);
        Files.writeString(folder.resolve("nginx/local/main.conf"), """
                include /etc/nginx/modules-enabled/*.conf;
                pid %1$s/pid;
                error_log stderr;
                """.formatted(folder));
        Files.writeString(folder.resolve("nginx/local/http.conf"), Stream.of("client_body", "proxy", "fastcgi", "uwsgi", "scgi")
                .map(use -> "%s_temp_path %s/temp;\n".formatted(use, folder)).reduce("access_log off;\n", String::concat));
        return run("nginx", "-t", "-c", folder + "/nginx/nginx.conf");
    }

    static Outcome testDnsmasq(Path folder, Map<String, String> files) throws IOException, InterruptedException {
        write(folder, files);
        Files.createDirectories(folder.resolve("dnsmasq/conf.d"));
        return run("dnsmasq", "--test", "--conf-file=" + folder + "/dnsmasq/conf", "--conf-dir=" + folder + "/dnsmasq/conf.d,*.conf",
                "--addn-hosts=" + folder + "/dnsmasq/hosts", "--dhcp-hostsfile=" + folder + "/dnsmasq/dhcp-hosts",
                "--dhcp-optsfile=" + folder + "/dnsmasq/dhcp-opts", "--servers-file=" + folder + "/dnsmasq/servers");
    }

    private static void write(Path folder, Map<String, String> files) throws IOException {
        for (var file : files.entrySet()) {
            var path = folder.resolve(file.getKey());
            Files.createDirectories(path.getParent());
            Files.writeString(path, file.getValue());
        }
    }

    /** The values of the options in dnsmasq's files. */
    static List<String> options(Map<String, String> files) {
        return files.entrySet().stream().filter(file -> file.getKey().matches("dnsmasq/(conf|conf\\.d/.*|servers)"))
                .flatMap(file -> file.getValue().lines()).filter(line -> !line.startsWith("#"))
                .map(line -> line.split("=", 2)[0]).toList();
    }
}
