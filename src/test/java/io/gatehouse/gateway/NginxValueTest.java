package io.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NginxValueTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "plain", "two words", "a;b", "}", "{", "# no comment", "'", "\"", "\\", "\\\"", "\"; } error_log /tmp/x; #",
            "\\n", "ends with \\", "ünïcödé", "*", "~^.*"})
    void aTextIsReadBackAsOneArgument(String text) {
        assertThat(NginxReader.directives("x " + NginxValue.text(text) + ";"))
                .containsExactly(new NginxReader.Directive(0, List.of("x", text)));
    }

    @Test
    void anyTextIsReadBackAsOneArgumentOrRefused() {
        var random = new Random(20_261_121);
        var alphabet = "ab\"'\\;{}#$* \t\n\r\0ü\u2028";
        for (int i = 0; i < 20_000; i++) {
            var text = random.ints(random.nextInt(12), 0, alphabet.length())
                    .collect(StringBuilder::new, (all, at) -> all.append(alphabet.charAt(at)), StringBuilder::append).toString();
            try {
                assertThat(NginxReader.directives("x " + NginxValue.text(text) + ";"))
                        .containsExactly(new NginxReader.Directive(0, List.of("x", text)));
            } catch (Unrenderable e) {
                assertThat(text).matches(refused -> refused.chars().anyMatch(c -> c == '$' || Character.isISOControl(c)));
            }
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"$host", "a\nb", "a\rb", "a\0b", "\u0085"})
    void variablesAndControlCharactersAreRefused(String text) {
        assertThatThrownBy(() -> NginxValue.text(text)).isInstanceOf(Unrenderable.class);
    }

    @Test
    void whatDoesNotFitIntoTheBufferOfNginxIsRefused() {
        assertThat(NginxValue.text("x".repeat(NginxValue.LONGEST)).quoted()).hasSize(NginxValue.LONGEST + 2);
        assertThatThrownBy(() -> NginxValue.text("ü".repeat(NginxValue.LONGEST / 2 + 1))).isInstanceOf(Unrenderable.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "\"", "\"\"\"", "\"a\" b\"", "\"\\\"", "a", "\"a\";", "\"a\\\\\"\""})
    void whatIsNotOneQuotedArgumentCannotBeMade(String quoted) {
        assertThatThrownBy(() -> new NginxValue(quoted)).isInstanceOf(Unrenderable.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "~^www", "*.example.org", ".example.org", "www.example.org;", "www example", "_", "-a", "a-", "a..b", "ä.example.org",
            "$host", "www.example.org\n", "\""})
    void aPatternIsNoHostName(String name) {
        assertThatThrownBy(() -> NginxValue.hostName(name)).isInstanceOf(Unrenderable.class);
    }

    @Test
    void aHostNameOfAnyLengthIsQuicklyToldFromOthers() {
        assertThatThrownBy(() -> NginxValue.hostName("a.".repeat(100_000))).isInstanceOf(Unrenderable.class);
        assertThatThrownBy(() -> NginxValue.hostName("a".repeat(254))).isInstanceOf(Unrenderable.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "10.0.0", "10.0.0.256", "10.0.0.1:80/", "unix:/run/x", "localhost", "10.0.0.1 ", "010.0.0.1"})
    void onlyAnAddressIsAnEndpoint(String address) {
        assertThatThrownBy(() -> NginxValue.endpoint(address, 80)).isInstanceOf(Unrenderable.class);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 65_536})
    void onlyAPortIsAnEndpoint(int port) {
        assertThatThrownBy(() -> NginxValue.endpoint("10.0.0.1", port)).isInstanceOf(Unrenderable.class);
    }
}
