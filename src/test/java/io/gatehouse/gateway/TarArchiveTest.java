package io.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What the program tar reads of an archive. */
class TarArchiveTest {

    @TempDir
    Path folder;

    @Test
    void unpacksAsItWasPacked() throws Exception {
        var files = new TreeMap<>(Map.of("nginx/nginx.conf", "a\n".repeat(1_000), "nginx/http/1.conf", "", "dnsmasq/hosts", "x".repeat(512), "sssd/conf", "ü"));
        var archive = Files.write(folder.resolve("archive"), TarArchive.of(files));

        run("tar", "-xof", archive.toString(), "-C", folder.toString());

        for (var file : files.entrySet()) {
            assertThat(folder.resolve(file.getKey())).hasContent(file.getValue());
        }
        assertThat(run("tar", "-tvf", archive.toString()).lines()).hasSize(files.size()).allMatch(line -> line.startsWith("-rw-r--r-- 0/0 "));
    }

    @Test
    void isTheSameEachTime() {
        var files = new TreeMap<>(Map.of("a", "1", "b", "2"));
        assertThat(TarArchive.of(files)).isEqualTo(TarArchive.of(files));
    }

    @ParameterizedTest
    @ValueSource(strings = {"/etc/passwd", "../up", "a/../b", "a//b", "a b", "a\nb", "-rf/.", "ü", "", "."})
    void refusesNamesThatAreNoneOfOurs(String name) {
        assertThatIllegalArgumentException().isThrownBy(() -> TarArchive.of(new TreeMap<>(Map.of(name, ""))));
    }

    private static String run(String... command) throws Exception {
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        process.getOutputStream().close();
        var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(text).isZero();
        return text;
    }
}
