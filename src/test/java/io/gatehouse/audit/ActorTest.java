package io.gatehouse.audit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ActorTest {

    @Test
    void keepsNoMoreOfAUserAgentThanFitsAndIsHarmless() {
        assertThat(agent("curl/8.9 (Linux; ä)")).isEqualTo("curl/8.9 (Linux; ä)");
        assertThat(agent("a\r\nb\u0000c\u001b[31m\u202ed")).isEqualTo("a\uFFFD\uFFFDb\uFFFDc\uFFFD[31m\uFFFDd");
        assertThat(agent("x".repeat(5_000))).hasSize(256);
        assertThat(agent("x".repeat(255) + "\uD83D\uDE00")).hasSize(255);
        assertThat(agent("\uD83D")).isEqualTo("\uFFFD");
        assertThat(agent(null)).isNull();
    }

    @Test
    void namesItsKindAsTheApiDoes() {
        assertThat(Actor.Kind.SERVICE_ACCOUNT.text()).isEqualTo("service-account");
    }

    private static String agent(String text) {
        return Actor.anonymous("192.0.2.1", text).userAgent();
    }
}
