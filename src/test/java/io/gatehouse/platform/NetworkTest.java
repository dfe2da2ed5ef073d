package io.gatehouse.platform;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.net.InetAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NetworkTest {

    @ParameterizedTest
    @CsvSource({
        "10.0.0.0/8, 10.255.0.1, true", "10.0.0.0/8, 11.0.0.0, false", "10.2.0.0/15, 10.3.255.255, true",
        "192.0.2.7, 192.0.2.7, true", "192.0.2.7, 192.0.2.6, false", "0.0.0.0/0, 203.0.113.9, true", "0.0.0.0/0, 2001:db8::1, false",
        "fd00::/8, fdff::1, true", "fd00::/8, fe00::1, false", "2001:db8::1, 2001:0db8:0:0:0:0:0:1, true", "::/0, 2001:db8::1, true",
        "::/0, 203.0.113.9, false", "::ffff:192.0.2.7, 192.0.2.7, true"})
    void holdsTheAddressesOfItsPrefix(String network, String address, boolean held) {
        var parsed = Network.parse(network);
        assertThat(parsed.contains(InetAddress.ofLiteral(address))).isEqualTo(held);
        assertThat(Network.parse(parsed.toString())).isEqualTo(parsed);
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "", " ", "/", "10", "10.0", "10.0.0", "10.0.0.256", "010.0.0.1", "0x0a.0.0.1", "10.0.0.0/", "10.0.0.0/33", "10.0.0.0/-1", "10.0.0.0/08",
        "10.0.0.0/8/8", "10.0.0.1/8", "::/129", "fe80::1%lo", "fe80::1%1", ":", ":::", "1::2::3", "::1/0", "localhost", "example.org", "10.0.0.0 /8",
        "[::1]", "1:2:3:4:5:6:7:8:9", "10.0.0.0/99999999999", "\u0661.0.0.0"})
    void isNothingElse(String text) {
        assertThatIllegalArgumentException().isThrownBy(() -> Network.parse(text));
    }

    @Test
    void ofALongTextIsRefusedAtOnce() {
        assertThatIllegalArgumentException().isThrownBy(() -> Network.parse("1:".repeat(100_000)));
    }
}
