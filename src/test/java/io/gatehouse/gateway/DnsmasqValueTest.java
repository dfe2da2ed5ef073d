package io.gatehouse.gateway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DnsmasqValueTest {

    @ParameterizedTest
    @ValueSource(strings = {"", "a b", "a,b", "a\nb", "a#b", "a\"b", "a\\b", "a/b", "a=b", "*", "ä", "a\0b", "tag:!x", "a\tb", "[x]"})
    void whatMeansSomethingInAFileIsRefused(String text) {
        assertThatThrownBy(() -> new DnsmasqValue(text)).isInstanceOf(Unrenderable.class);
    }

    @Test
    void whatIsVeryLongIsRefused() {
        assertThatThrownBy(() -> new DnsmasqValue("a".repeat(513))).isInstanceOf(Unrenderable.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"id:x", "ignore", "02:00:5e:10:00", "02:00:5e:10:00:01:02", "02-00-5e-10-00-01", "*:*:*:*:*:*"})
    void onlyAMacAddressIsOne(String text) {
        assertThatThrownBy(() -> DnsmasqValue.macAddress(text)).isInstanceOf(Unrenderable.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"ldap._tcp", "_ldap", "_ldap._tcp.other", "_ldap._tcp,evil", "_._tcp", "_ldap._t1"})
    void onlyServiceAndProtocolNameARecord(String name) {
        assertThatThrownBy(() -> DnsmasqValue.serviceName(name, "berlin.internal")).isInstanceOf(Unrenderable.class);
    }

    @Test
    void valuesStandAsTheyAre() {
        assertThat(DnsmasqValue.serviceName("_ldap._tcp", "berlin.internal")).hasToString("_ldap._tcp.berlin.internal");
        assertThat(DnsmasqValue.macAddress("02:00:5e:10:00:01")).hasToString("02:00:5e:10:00:01");
        assertThat(DnsmasqValue.address("10.20.0.100")).hasToString("10.20.0.100");
        assertThat(DnsmasqValue.hostName("Web1")).hasToString("Web1");
        assertThat(DnsmasqValue.port(65_535)).hasToString("65535");
    }
}
