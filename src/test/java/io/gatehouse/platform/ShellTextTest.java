package io.gatehouse.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShellTextTest {

    private static final String HOSTILE = "'; echo broken out; '\n$(echo broken out)`echo broken out`\\\"${HOME}*#~!\nEND ";

    @ParameterizedTest
    @ValueSource(strings = {"", "plain", "'", "''", "a'b'c", "$(id)`id`${HOME}", "; id", "\"", "\\", "a\nb", "*", "~", "# x", HOSTILE})
    void aQuotedTextIsOneWordAndItself(String text) throws Exception {
        assertThat(shell("printf '<%s>' " + ShellText.quoted(text))).isEqualTo("<" + text + ">");
    }

    @Test
    void aDocumentIsItself() throws Exception {
        assertThat(shell("cat <<'STOP'\n" + ShellText.document(HOSTILE, "STOP") + "\nSTOP\n")).isEqualTo(HOSTILE.stripTrailing() + "\n");
    }

    @ParameterizedTest
    @ValueSource(strings = {"one\nEND\necho broken out", "one\nEND", "one\nEND \t\n", "END"})
    void aDocumentThatWouldEndItselfIsRefused(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> ShellText.document(text, "END"));
    }

    private static String shell(String script) throws IOException, InterruptedException {
        var process = new ProcessBuilder("sh", "-s").redirectErrorStream(true).start();
        try (var stdin = process.getOutputStream()) {
            stdin.write(script.getBytes(StandardCharsets.UTF_8));
        }
        var out = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor()).as(out).isZero();
        return out;
    }
}
