package io.gatehouse.platform.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.platform.StartupFailure;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PublicUrlTest {

    @Test
    void isAsItWasConfigured() {
        assertThat(new PublicUrl(null).text()).isEmpty();
        assertThat(new PublicUrl("https://gatehouse.example.org/").text()).contains("https://gatehouse.example.org/");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "gatehouse.example.org", "javascript:x", "https://", "https://u:hunter2@gatehouse.example.org", "https://x/?hunter2"})
    void isRefusedByTheNameOfItsVariable(String text) {
        assertThatThrownBy(() -> new PublicUrl(text)).isInstanceOf(StartupFailure.class).message().contains("GATEHOUSE_PUBLIC_URL").doesNotContain("hunter2");
    }
}
