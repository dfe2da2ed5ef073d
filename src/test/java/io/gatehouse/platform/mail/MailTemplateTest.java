package io.gatehouse.platform.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MailTemplateTest {

    private static final MailTemplate TEMPLATE = MailTemplate.named("registration-waiting");

    @Test
    void isFilledWithoutLettingAValueBecomeMarkupOrALine() {
        var content = TEMPLATE.filledWith(Map.of("username", "x\r\nBcc: all@example.org", "server", "S", "address", "<img src='x' onerror=\"y\">&{{activate}}$1", "activate", "A"));

        assertThat(content.subject()).isEqualTo("x Bcc: all@example.org waits for approval at S");
        assertThat(content.text()).contains("named x Bcc: all@example.org. <img src='x' onerror=\"y\">&{{activate}}$1").doesNotContain("\nBcc");
        assertThat(content.html()).contains("&lt;img src=&#39;x&#39; onerror=&quot;y&quot;&gt;&amp;{{activate}}$1").startsWith("<!DOCTYPE html>");
    }

    @Test
    void needsAllItsValues() {
        assertThatThrownBy(() -> TEMPLATE.filledWith(Map.of("username", "x"))).hasMessageContaining("needs a value for");
        assertThatThrownBy(() -> MailTemplate.named("nothing")).hasMessageContaining("nothing");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "a", "a@", "a@b\nBcc: c@d", "a b@c", "a@b,c@d", "\"a\"@b", "a@b>", "Ä@b"})
    void goesToOneAddressOnly(String recipient) {
        assertThatThrownBy(() -> new Mail(recipient, TEMPLATE, Map.of(), Duration.ofDays(1))).isInstanceOf(IllegalArgumentException.class);
    }
}
