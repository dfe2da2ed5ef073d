package io.gatehouse.platform.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.platform.StartupFailure;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ClientAddressTest {

    private static final List<String> PROXIES = List.of("10.0.0.0/8", "fd00::/8", "127.0.0.1");
    private static final List<String> TRUSTED = List.of("10.0.0.1", "10.9.8.7:4711", "fd00::1", "[fd00::2]", "[fd00::2]:443", "127.0.0.1");
    private static final List<String> STRANGERS = List.of("203.0.113.9", "198.51.100.1:80", "2001:db8::1", "[2001:db8::1]:65000");
    private static final List<String> GARBAGE = List.of(
            "", "unknown", "_hidden", "10.0.0", "0x7f.1", "10.0.0.1;", "fe80::1%eth0", "[::1", "10.0.0.1:x", "\"10.0.0.1\"", "localhost",
            "10.0.0.1 10.0.0.2", "9".repeat(5000), "\u0000", "for=10.0.0.1", "[10.0.0.1]:", "127.1", "::ffff:999.1.1.1");

    private final ClientAddress addresses = new ClientAddress(new ProxyConfiguration(PROXIES));

    @ParameterizedTest
    @CsvSource(delimiter = '|', nullValues = "-", value = {
        "203.0.113.9 | 198.51.100.1             | 203.0.113.9",
        "10.0.0.1    | -                        | 10.0.0.1",
        "10.0.0.1    | 198.51.100.1             | 198.51.100.1",
        "10.0.0.1    | 1.1.1.1, 198.51.100.1    | 198.51.100.1",
        "10.0.0.1    | 198.51.100.1, 10.0.0.2   | 198.51.100.1",
        "10.0.0.1    | 198.51.100.1, nonsense, 10.0.0.2 | 10.0.0.2",
        "10.0.0.1    | 198.51.100.1, nonsense   | 10.0.0.1",
        "10.0.0.1    | 198.51.100.1,            | 10.0.0.1",
        "10.0.0.1    | 198.51.100.1:5000        | 198.51.100.1",
        "10.0.0.1    | [2001:db8::1]:5000       | 2001:db8::1",
        "fd00::1     | 2001:db8::1              | 2001:db8::1",
        "fd00::1     | ::ffff:198.51.100.1      | 198.51.100.1",
        "10.0.0.1    | 10.0.0.3 , 10.0.0.2      | 10.0.0.3"})
    void isTheNearestOneThatIsNoTrustedProxy(String peer, String header, String client) {
        assertThat(addresses.of(address(peer), header == null ? List.of() : List.of(header))).isEqualTo(address(client));
    }

    @Test
    void isReadFromAllLinesOfTheHeaderAsFromOne() {
        assertThat(addresses.of(address("10.0.0.1"), List.of("203.0.113.9", "198.51.100.1, 10.0.0.3", "10.0.0.2"))).isEqualTo(address("198.51.100.1"));
    }

    @Test
    void isNeverWhatAPeerSaysThatIsNoTrustedProxy() {
        forAll((random, hops) -> {
            var peer = address("203.0.113.77");
            assertThat(addresses.of(peer, hops)).isEqualTo(peer);
            assertThat(new ClientAddress(new ProxyConfiguration(null)).of(address("10.0.0.1"), hops)).isEqualTo(address("10.0.0.1"));
        });
    }

    /** Whatever a client writes into the header, the proxy appends the client's address to it. */
    @Test
    void doesNotDependOnWhatTheClientWrote() {
        forAll((random, forged) -> {
            var client = STRANGERS.get(random.nextInt(STRANGERS.size()));
            var appended = new ArrayList<>(forged);
            appended.add(client);
            for (int i = random.nextInt(3); i > 0; i--) {
                appended.add(TRUSTED.get(random.nextInt(TRUSTED.size())));
            }
            var expected = addresses.of(address("10.0.0.1"), List.of(client));

            assertThat(addresses.of(address("10.0.0.1"), appended)).isEqualTo(expected);
            assertThat(addresses.of(address("10.0.0.1"), List.of(String.join(", ", appended)))).isEqualTo(expected);
        });
    }

    @Test
    void isTheLastGoodOneBeforeGarbage() {
        forAll((random, forged) -> {
            var hops = new ArrayList<>(forged);
            hops.add(GARBAGE.get(random.nextInt(GARBAGE.size())));
            hops.add("10.0.0.5");

            assertThat(addresses.of(address("10.0.0.1"), hops)).isEqualTo(address("10.0.0.5"));
        });
    }

    @Test
    void isNotKnownByProxiesThatAreNone() {
        assertThatThrownBy(() -> new ClientAddress(new ProxyConfiguration(List.of("10.0.0.1/8"))))
                .isInstanceOf(StartupFailure.class).hasMessageContaining("GATEHOUSE_TRUSTED_PROXIES").hasMessageContaining("10.0.0.1/8");
    }

    private interface Property {
        void holds(Random random, List<String> hops);
    }

    private static void forAll(Property property) {
        for (int seed = 0; seed < 2_000; seed++) {
            var random = new Random(seed);
            var hops = new ArrayList<String>();
            for (int i = random.nextInt(6); i > 0; i--) {
                var kind = List.of(TRUSTED, STRANGERS, GARBAGE).get(random.nextInt(3));
                hops.add(kind.get(random.nextInt(kind.size())));
            }
            property.holds(random, hops);
        }
    }

    private static InetAddress address(String text) {
        return InetAddress.ofLiteral(text);
    }
}
