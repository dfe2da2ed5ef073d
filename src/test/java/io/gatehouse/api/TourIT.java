package io.gatehouse.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.gatehouse.testing.GatehouseServer;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The tour of docs/http-api.md, as somebody takes it who pastes it into a terminal. */
class TourIT {

    private static final Pattern STEP = Pattern.compile("<!-- tour: ([^>]+) -->\n```sh\n(.*?)```\n", Pattern.DOTALL);
    private static final String MARK = "---- ";

    /** What each step shows, in this order. */
    private static final Map<String, String> SHOWS = new LinkedHashMap<>();

    static {
        SHOWS.put("log in", "\"username\":\"admin\".*\"isAdministrator\":true");
        SHOWS.put("a person", "\"username\":\"grace\".*\"cn\":\"compilers\".*\"fingerprint\":\"SHA256:");
        SHOWS.put("the layout", "\"name\":\"pve1\".*\"hasApiTokenSecretOrPassword\":true");
        SHOWS.put("a container", "\"ipv4Address\":\"10\\.20\\.0\\.100\".*\"externalHostname\":\"app\".*\"externalPort\":2000");
        SHOWS.put("a policy", "\"decision\":\"allow\".*\"name\":\"compilers only\".*\"active\":false");
        SHOWS.put("a gateway", "10\\.20\\.0\\.100 web1\\.berlin.*server_name \"app\\.example\\.org\"");
        SHOWS.put("lists", "\"username\":\"grace\".*\"items\":\\[\\{.*\"username\":\"grace\"");
        SHOWS.put("lost updates", "\"dnsForwarders\":\"9\\.9\\.9\\.9.*149\\.112\\.112\\.112\".*\"status\":412");
        SHOWS.put("retries", "(\"cn\":\"linkers\").*(\"cn\":\"linkers\")");
        SHOWS.put("a key", "\"username\":\"grace\".*\"status\":403.*users:write");
        SHOWS.put("sessions", "\"userAgent\":\"curl/.*\"status\":401");
        SHOWS.put("a setting", "\"value\":\"3000-3999\".*\"value\":\"2000-2999\"");
        SHOWS.put("a job", "event: status-message.*The template is there.*\"status\":\"success\"");
        SHOWS.put("the audit log", "user:grace.*cluster\\.");
    }

    @TempDir
    private Path folder;

    @Test
    void everyLineWorksAsItIsWritten() throws Exception {
        for (var command : new String[] {"curl", "ssh-keygen"}) {
            require(command);
        }
        try (var server = GatehouseServer.with("gatehouse.admin-username", "admin").with("gatehouse.admin-password", "correct horse battery").start()) {
            var steps = steps();
            assertThat(steps.keySet()).containsExactlyElementsOf(SHOWS.keySet());
            var script = new StringBuilder();
            steps.forEach((name, lines) -> script.append("echo '").append(MARK).append(name).append("'\n").append(lines));

            var shell = new ProcessBuilder("sh", "-eu", "-c", script.toString().replace("http://localhost:8080", server.httpUrl()))
                    .directory(folder.toFile()).redirectErrorStream(true).start();
            shell.getOutputStream().close();
            var output = new String(shell.getInputStream().readAllBytes());

            assertThat(shell.waitFor()).as(output).isZero();
            for (var part : output.split("(?m)^" + MARK)) {
                if (!part.isBlank()) {
                    var name = part.lines().findFirst().orElseThrow();
                    assertThat(part).as(name).containsPattern("(?s)" + SHOWS.get(name));
                }
            }
        }
    }

    private static Map<String, String> steps() throws Exception {
        var steps = new LinkedHashMap<String, String>();
        STEP.matcher(Files.readString(Path.of("docs/http-api.md"))).results().forEach(step -> steps.put(step.group(1), step.group(2)));
        return steps;
    }

    /** Skipped without it, but not where {@code CI=true}. */
    private static void require(String command) {
        boolean there = Stream.of(System.getenv("PATH").split(File.pathSeparator)).anyMatch(path -> Files.isExecutable(Path.of(path, command)));
        if ("true".equals(System.getenv("CI"))) {
            assertThat(there).as("CI=true, but no command " + command).isTrue();
        }
        assumeTrue(there, "no command " + command);
    }
}
