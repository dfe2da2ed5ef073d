package io.gatehouse.identity;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.platform.Problem;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class UserFieldTest {

    @ParameterizedTest
    @MethodSource("good")
    void takes(UserField field, String value) {
        assertThatCode(() -> field.check(value)).doesNotThrowAnyException();
    }

    static Stream<Arguments> good() {
        return Stream.of(
                Arguments.of(UserField.CN, "Åsa Ödegård"),
                Arguments.of(UserField.CN, "𝒜".repeat(256)),
                Arguments.of(UserField.SN, "O'Neill"),
                Arguments.of(UserField.GIVEN_NAME, "李"),
                Arguments.of(UserField.MAIL, "ada@example.org"),
                Arguments.of(UserField.MAIL, "root@localhost"),
                Arguments.of(UserField.MAIL, "a.b+c@x-y.example.co.uk"),
                Arguments.of(UserField.GECOS, "Ada Lovelace,Room 1,+44 20"),
                Arguments.of(UserField.HOME_DIRECTORY, "/srv/people/ada"),
                Arguments.of(UserField.LOGIN_SHELL, "/usr/bin/zsh"));
    }

    @ParameterizedTest
    @MethodSource("bad")
    void refuses(UserField field, String value) {
        assertThatThrownBy(() -> field.check(value)).isInstanceOf(Problem.class)
                .extracting(problem -> ((Problem) problem).field()).isEqualTo(field.jsonName());
    }

    static Stream<Arguments> bad() {
        return Stream.of(
                Arguments.of(UserField.CN, ""),
                Arguments.of(UserField.CN, "  "),
                Arguments.of(UserField.CN, "a\nb"),
                Arguments.of(UserField.CN, "a\0b"),
                Arguments.of(UserField.CN, "a\u2028b"),
                Arguments.of(UserField.CN, "a\ud800b"),
                Arguments.of(UserField.CN, "x".repeat(257)),
                Arguments.of(UserField.CN, "x".repeat(1_000_000)),
                Arguments.of(UserField.MAIL, "ada"),
                Arguments.of(UserField.MAIL, "ada@"),
                Arguments.of(UserField.MAIL, "ada@-x.org"),
                Arguments.of(UserField.MAIL, "ada@example..org"),
                Arguments.of(UserField.MAIL, "ada@exämple.org"),
                Arguments.of(UserField.MAIL, "ada@example.org\nBcc: eve@example.org"),
                Arguments.of(UserField.MAIL, "a".repeat(65) + "@example.org"),
                Arguments.of(UserField.MAIL, "a@" + "b.".repeat(500_000) + "org"),
                Arguments.of(UserField.GECOS, "a:b"),
                Arguments.of(UserField.GECOS, "Åsa"),
                Arguments.of(UserField.HOME_DIRECTORY, "home/ada"),
                Arguments.of(UserField.HOME_DIRECTORY, "/"),
                Arguments.of(UserField.HOME_DIRECTORY, "/home/../etc"),
                Arguments.of(UserField.HOME_DIRECTORY, "/home/a:b"),
                Arguments.of(UserField.LOGIN_SHELL, "/bin/bash -c"),
                Arguments.of(UserField.LOGIN_SHELL, "/bin/bash\n"));
    }
}
