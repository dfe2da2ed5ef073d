package io.gatehouse.platform.http;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.platform.StartupFailure;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class CrossOriginTest {

    @ParameterizedTest
    @ValueSource(strings = {"*", "null", "console.example.org", "https://console.example.org/", "https://*.example.org", "https://a b", ""})
    void whatIsNoOriginPreventsTheStart(String origin) {
        assertThatThrownBy(() -> new CrossOrigin(new CorsConfiguration(List.of(origin)))).isInstanceOf(StartupFailure.class)
                .hasMessageContaining("GATEHOUSE_CORS_ORIGINS");
    }

    @ParameterizedTest
    @ValueSource(strings = {"https://console.example.org", "http://localhost:3000", "https://[::1]:8443"})
    void originsAreTaken(String origin) {
        assertThatCode(() -> new CrossOrigin(new CorsConfiguration(List.of(origin)))).doesNotThrowAnyException();
    }
}
