package io.gatehouse.cluster;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.gatehouse.platform.Problem;
import io.gatehouse.platform.WebAddress;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ValueTypesTest {

    @ParameterizedTest
    @ValueSource(strings = {"1.1.1.1", "10.0.0.255", "223.255.255.255", "192.168.1.10"})
    void anAddressIsFourNumbers(String text) {
        assertThat(IpAddress.parse("gateway", text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "1.1.1", "1.1.1.1.1", "1.1.1.256", "01.1.1.1", "1.1.1.1 ", "1.1.1.1\n", "0x1.1.1.1", "1.1.1.1/24", "::1",
            "fd00::1", "0.0.0.0", "0.1.2.3", "127.0.0.1", "224.0.0.1", "255.255.255.255", "16909060", "1.1.1.", ".1.1.1", "1..1.1",
            "١.1.1.1", "localhost", "1.1.1.1'; drop table sites; --"})
    void anythingElseIsNoAddressOfAMachine(String text) {
        refused("gateway", text, IpAddress.RULE, () -> IpAddress.parse("gateway", text));
    }

    @Test
    void aResolverMayBeOnTheSameMachine() {
        assertThat(IpAddress.parseResolver("dnsForwarders", "127.0.0.53")).hasToString("127.0.0.53");
        assertThatThrownBy(() -> IpAddress.parseResolver("dnsForwarders", "0.0.0.0")).isInstanceOf(Problem.class);
    }

    @Test
    void aRangeIsWrittenInOneWay() {
        assertThat(AddressRange.parse("dhcpRange", "10.0.0.9-10.0.0.100")).hasToString("10.0.0.9-10.0.0.100");
        assertThat(AddressRange.parse("dhcpRange", "10.0.0.9 , 10.0.0.100")).hasToString("10.0.0.9-10.0.0.100");
        assertThat(AddressRange.parse("dhcpRange", "10.0.0.9-10.0.0.9").contains(IpAddress.of("10.0.0.9"))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-", "10.0.0.1", "10.0.0.1-", "-10.0.0.1", "10.0.0.100-10.0.0.9", "10.0.0.1-10.0.0.2-10.0.0.3", "10.0.0.1_10.0.0.2"})
    void aRangeHasAFirstAndALastAddress(String text) {
        assertThat(catchThrowableOfType(Problem.class, () -> AddressRange.parse("dhcpRange", text)).field()).isEqualTo("dhcpRange");
    }

    @Test
    void aRangeHoldsItsEndsAndWhatIsBetweenByNumberNotByText() {
        var range = AddressRange.parse("dhcpRange", "10.0.0.9-10.0.1.200");

        assertThat(range.contains(IpAddress.of("10.0.0.9"))).isTrue();
        assertThat(range.contains(IpAddress.of("10.0.0.128"))).isTrue();
        assertThat(range.contains(IpAddress.of("10.0.1.200"))).isTrue();
        assertThat(range.contains(IpAddress.of("10.0.0.8"))).isFalse();
        assertThat(range.contains(IpAddress.of("10.0.1.201"))).isFalse();
    }

    @Test
    void forwardersAreWrittenInOneWay() {
        assertThat(DnsForwarders.parse("dnsForwarders", "9.9.9.9,1.1.1.1 ,  127.0.0.1")).hasToString("9.9.9.9, 1.1.1.1, 127.0.0.1");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ",", "1.1.1.1,", "1.1.1.1 9.9.9.9", "1.1.1.1,1.1.1.1", "1.1.1.1,dns.example", "1.1.1.1,,9.9.9.9",
            "1.1.1.1,1.1.1.2,1.1.1.3,1.1.1.4,1.1.1.5,1.1.1.6,1.1.1.7,1.1.1.8,1.1.1.9"})
    void forwardersAreEightDifferentAddressesAtMost(String text) {
        assertThat(catchThrowableOfType(Problem.class, () -> DnsForwarders.parse("dnsForwarders", text)).field()).isEqualTo("dnsForwarders");
    }

    @ParameterizedTest
    @ValueSource(strings = {"255.0.0.0", "255.255.255.0", "255.255.254.0", "255.255.255.252", "255.128.0.0"})
    void aNetmaskIsOnesThenZeros(String text) {
        assertThat(Netmask.parse("subnetMask", text)).hasToString(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0.0.0.0", "254.0.0.0", "255.0.255.0", "255.255.255.254", "255.255.255.255", "0.255.255.255", "24", "/24", "255.255.255", "255.255.255.0 "})
    void anythingElseIsNoNetmask(String text) {
        refused("subnetMask", text, Netmask.RULE, () -> Netmask.parse("subnetMask", text));
    }

    @Test
    void aNetworkHostsAllButItsFirstAndItsLastAddress() {
        var network = new Network(IpAddress.of("10.0.4.1"), Netmask.parse("subnetMask", "255.255.252.0"));

        assertThat(network.hosts(IpAddress.of("10.0.4.0"))).isFalse();
        assertThat(network.hosts(IpAddress.of("10.0.4.255"))).isTrue();
        assertThat(network.hosts(IpAddress.of("10.0.5.0"))).isTrue();
        assertThat(network.hosts(IpAddress.of("10.0.7.254"))).isTrue();
        assertThat(network.hosts(IpAddress.of("10.0.7.255"))).isFalse();
        assertThat(network.hosts(IpAddress.of("10.0.8.1"))).isFalse();
        assertThat(network.hosts(IpAddress.of("10.0.3.1"))).isFalse();
        assertThat(network.hosts(IpAddress.of("fd00::1"))).isFalse();
    }

    @Test
    void aDomainIsInLowerCase() {
        assertThat(DnsName.parse("domain", "Lab.Example.ORG")).hasToString("lab.example.org");
        assertThat(DnsName.parse("domain", "xn--mnchen-3ya.example")).hasToString("xn--mnchen-3ya.example");
        assertThat(DnsName.parse("domain", "internal")).hasToString("internal");
        assertThat(DnsName.parsePublic("domain", "9Lives.org")).hasToString("9lives.org");
        refused("domain", "internal", DnsName.PUBLIC_RULE, () -> DnsName.parsePublic("domain", "internal"));
        assertThat(DnsName.parse("domain", "a." + "b".repeat(63)).text()).hasSize(65);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", ".", "a.", ".a", "a..b", "-a.org", "a-.org", "a_b.org", "10.0.0.1", "a.123", "a b.org", "a.org\n", "münchen.example", "\u212Aelvin.org",
            "a.org/x", "*.org"})
    void anythingElseIsNoDomain(String text) {
        refused("domain", text, DnsName.RULE, () -> DnsName.parse("domain", text));
    }

    @Test
    void namesEndAtTheirLimits() {
        var longest = "a".repeat(63);
        assertThat(Hostname.parse("hostname", longest.toUpperCase())).hasToString(longest);
        assertThat(Hostname.parseAsWritten("name", "PVE-1")).hasToString("PVE-1");
        var domain = (longest + ".").repeat(3);
        assertThat(DnsName.parse("domain", domain + "a".repeat(253 - domain.length())).text()).hasSize(253);

        assertThatThrownBy(() -> Hostname.parse("hostname", longest + "a")).isInstanceOf(Problem.class);
        assertThatThrownBy(() -> DnsName.parse("domain", longest + "a.org")).isInstanceOf(Problem.class);
        assertThatThrownBy(() -> DnsName.parse("domain", domain + "a".repeat(254 - domain.length()))).isInstanceOf(Problem.class);
        assertThatThrownBy(() -> DnsName.parse("domain", "a.".repeat(500_000))).isInstanceOf(Problem.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "-a", "a-", "a.b", "a_b", "a b", "a\n", "ä", "a;reboot", "\u212A"})
    void aHostNameIsOneLabel(String text) {
        refused("hostname", text, Hostname.RULE, () -> Hostname.parse("hostname", text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://pve1.example:8006", "http://10.0.0.5/api", "https://[fd00::1]:8006/", "https://a/b-c/%20"})
    void aWebAddressHasSchemeHostPortAndPath(String text) {
        assertThat(WebAddress.parse("apiUrl", text)).hasToString(text);
    }

    @Test
    void aWebAddressHasItsSchemeInLowerCase() {
        assertThat(WebAddress.parse("apiUrl", "HTTPS://Host/Path")).hasToString("https://Host/Path");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "pve1", "ftp://a", "https://", "https:///a", "https://a#x", "https://a:0", "https://a:65536",
            "https://a:", "https://a b", "https://a/\n", "https://a/\"", "https://a\\b", "javascript:alert(1)", "https://[::1", "https://a/%zz", "https://ä"})
    void anythingElseIsNoWebAddress(String text) {
        refused("apiUrl", text, WebAddress.RULE, () -> WebAddress.parse("apiUrl", text));
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://user:hush@a", "https://a?key=hush", "https://a/?hush"})
    void aWebAddressWithASecretIsNotTold(String text) {
        var refusal = catchThrowableOfType(Problem.class, () -> WebAddress.parse("apiUrl", text));

        assertThat(refusal).hasMessage(WebAddress.RULE);
        assertThat(refusal.value()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"Lab", "Zürich 2 ☃", "a", "O'Hare \"x\" <b>; --", "\uD83D\uDE00"})
    void aNameIsAnythingPrintable(String text) {
        assertThat(Text.name("name", text)).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a ", " a", "a\nb", "a\tb", "a\u0000b", "a\u0085b", "a\u2028b", "a\u202Eb", "\uD83D", "a\u00a0"})
    void aNameFillsOneLine(String text) {
        refused("name", text, Text.NAME_RULE, () -> Text.name("name", text));
    }

    @Test
    void aNameIsCountedInCharactersNotInHalvesOfThem() {
        assertThat(Text.name("name", "\uD83D\uDE00".repeat(255))).hasSize(510);
        assertThatThrownBy(() -> Text.name("name", "a".repeat(256))).isInstanceOf(Problem.class);
    }

    @Test
    void aRefusedSecretIsNotTold() {
        var refusal = catchThrowableOfType(Problem.class, () -> Text.secret("apiTokenSecretOrPassword", "hush\n"));

        assertThat(refusal.value()).isNull();
        assertThat(refusal.getMessage()).doesNotContain("hush");
    }

    private static void refused(String field, String value, String rule, Runnable parse) {
        var refusal = catchThrowableOfType(Problem.class, parse::run);
        assertThat(refusal).isNotNull().hasMessage(rule);
        assertThat(refusal.field()).isEqualTo(field);
        assertThat(refusal.value()).isEqualTo(value);
    }
}
