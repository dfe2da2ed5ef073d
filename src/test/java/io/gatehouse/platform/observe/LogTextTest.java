package io.gatehouse.platform.observe;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogTextTest {

    @ParameterizedTest
    @ValueSource(strings = {"\n", "\r", "\u0000", "\u001b", "\u0085", "\u2028", "\u2029", "\u202e", "\u200b", "\ud800", "\u007f"})
    void nothingEndsALineOrTurnsItAround(String character) {
        assertThat(LogText.of("a" + character + "b", 10)).isEqualTo("a\\u" + String.format("%04x", (int) character.charAt(0)) + "b");
    }

    @Test
    void quotesAndEscapesCannotBeForged() {
        assertThat(LogText.of("a\"\\n", 10)).isEqualTo("a\\\"\\\\n");
    }

    @Test
    void plainTextStaysAndLongTextIsCut() {
        assertThat(LogText.of("Grace Höpper", 50)).isEqualTo("Grace Höpper");
        assertThat(LogText.of("abcdef", 3)).isEqualTo("abc...");
        assertThat(LogText.of("a\ncdef", 3)).isEqualTo("a\\u000ac...");
        assertThat(LogText.of(null, 3)).isEqualTo("-");
    }
}
