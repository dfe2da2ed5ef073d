package io.gatehouse.platform.settings;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.gatehouse.platform.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SettingTest {

    @Test
    void defaultsFollowTheRules() {
        assertThat(Setting.ALL).allSatisfy(setting -> assertThat(setting.parse("value", setting.defaultText())).isNotNull());
        assertThat(Setting.ALL).extracting(Setting::key).doesNotHaveDuplicates().isSorted();
    }

    @Test
    void aPortRangeHoldsItsEnds() {
        var range = Setting.TCP_PORT_RANGE.parse("value", "1-65535");

        assertThat(range.contains(1)).isTrue();
        assertThat(range.contains(65_535)).isTrue();
        assertThat(range.contains(0)).isFalse();
        assertThat(Setting.UDP_PORT_RANGE.parse("value", "2000-2999")).hasToString("2000-2999");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "2000", "2000-", "-2000", "0-10", "2000-1999", "1-65536", "1-99999999999", "02000-02999", "2000 - 2999", "2000-2999\n"})
    void anythingElseIsNoPortRange(String text) {
        var refusal = catchThrowableOfType(Problem.class, () -> Setting.TCP_PORT_RANGE.parse("value", text));

        assertThat(refusal).hasMessage(PortRange.RULE);
        assertThat(refusal.field()).isEqualTo("value");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "TRUE", "1", "yes", "true "})
    void aFlagIsTrueOrFalse(String text) {
        assertThat(catchThrowableOfType(Problem.class, () -> Setting.PUSH_NOTIFICATION_ENABLED.parse("value", text)).field()).isEqualTo("value");
    }

    @Test
    void anAddressMayBeMissing() {
        assertThat(Setting.PUSH_NOTIFICATION_URL.parse("value", "")).isEmpty();
        assertThat(Setting.PUSH_NOTIFICATION_URL.parse("value", "https://push.example.org/v1").orElseThrow()).hasToString("https://push.example.org/v1");
        assertThat(catchThrowableOfType(Problem.class, () -> Setting.PUSH_NOTIFICATION_URL.parse("value", "ftp://x"))).isNotNull();
    }
}
