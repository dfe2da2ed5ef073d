package io.gatehouse.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.gatehouse.platform.Problem;
import io.gatehouse.platform.StartupFailure;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class PasswordPolicyTest {

    private final PasswordPolicy policy = new PasswordPolicy(new PasswordRules(12));

    @ParameterizedTest
    @ValueSource(strings = {
        "correct horse battery staple", "tiefblaue Grotte", "пароль от почты", "Xk7-pq0Z-mm3v", "my password is long and dull",
        "dragonfly over quiet water", "  spaces at ends  "})
    void takesGoodPasswords(String password) {
        assertThatCode(() -> policy.check("password", "alice", password)).doesNotThrowAnyException();
    }

    @Test
    void countsCharactersAndNotUtf16Units() {
        assertThat(refusal("alice", "𝒳𝒴𝒵𝒳𝒴𝒵𝒳𝒴𝒵𝒳𝒴")).contains("12 characters");
        assertThatCode(() -> policy.check("password", "alice", "𝒳𝒴𝒵𝒳𝒴𝒵𝒳𝒴𝒵𝒳𝒴𝒵")).doesNotThrowAnyException();
    }

    @Test
    void refusesMoreThan1024Bytes() {
        assertThatCode(() -> policy.check("password", "alice", "éa".repeat(341) + "x")).doesNotThrowAnyException();
        assertThat(refusal("alice", "éa".repeat(341) + "xx")).contains("1024");
    }

    @ParameterizedTest
    @ValueSource(strings = {"with a NUL \u0000 inside", "half a surrogate \ud835 pair"})
    void refusesWhatIsNoText(String password) {
        assertThat(refusal("alice", password)).contains("Unicode");
    }

    @ParameterizedTest
    @ValueSource(strings = {"1qaz2wsx3edc", "JustinBieber", "qwerty123456", "masturbation"})
    void refusesCommonPasswords(String password) {
        assertThat(refusal("alice", password)).contains("common");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "Password2024!", "!!!Password!!!", "12345password", "Dragon123456", "123456!!!!!!", "1qaz2wsx!!!!", "...SUNSHINE...",
        "123456789123!!"})
    void refusesCommonPasswordsInDisguise(String password) {
        assertThat(refusal("alice", password)).contains("common");
    }

    @ParameterizedTest
    @ValueSource(strings = {"dragon-8412-77", "4417$dragon$9028-3", "dragon sleeps", "xdragonx1xx!"})
    void takesACommonWordThatIsTheLesserPart(String password) {
        assertThatCode(() -> policy.check("password", "alice", password)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @CsvSource({"alice, my Alice is great", "bob, the bOb of bobs x", "j.doe-2, 99 J.DOE-2 9999"})
    void refusesTheUserName(String username, String password) {
        assertThat(refusal(username, password)).contains("user name");
    }

    @Test
    void doesNotLookForVeryShortUserNames() {
        assertThatCode(() -> policy.check("password", "al", "small and quiet hills")).doesNotThrowAnyException();
    }

    @Test
    void tellsTheFieldAndNotThePassword() {
        var problem = catchThrowableOfType(Problem.class, () -> policy.check("newPassword", "alice", "tooshort"));
        assertThat(problem.kind()).isEqualTo(Problem.Kind.INVALID);
        assertThat(problem.field()).isEqualTo("newPassword");
        assertThat(problem.value()).isNull();
        assertThat(problem.getMessage()).doesNotContain("tooshort");
    }

    @Test
    void takesTheLeastLengthFromTheConfiguration() {
        var lenient = new PasswordPolicy(new PasswordRules(4));
        assertThatCode(() -> lenient.check("password", "alice", "x7$k")).doesNotThrowAnyException();
        assertThatThrownBy(() -> lenient.check("password", "alice", "x7$")).hasMessageContaining("4 characters");
        assertThatThrownBy(() -> lenient.check("password", "alice", "love12")).hasMessageContaining("common");
    }

    @ParameterizedTest
    @ValueSource(ints = {0, -1, 129})
    void doesNotStartWithALeastLengthOutOfRange(int minLength) {
        assertThatThrownBy(() -> new PasswordPolicy(new PasswordRules(minLength)))
                .isInstanceOf(StartupFailure.class).hasMessageContaining("min-length");
    }

    @RepeatedTest(20)
    void generatesPasswordsThatItTakes() {
        var password = policy.generate("abc");
        assertThat(password).hasSize(24).matches("[A-Za-z0-9]+").isNotEqualTo(policy.generate());
        policy.check("password", "abc", password);
    }

    @Test
    void generatesAsLongAsConfigured() {
        assertThat(new PasswordPolicy(new PasswordRules(40)).generate()).hasSize(40);
    }

    @Test
    void searchesLongPasswordsOfDigitsInNoTime() {
        assertThat(CommonPasswords.isCommon("7".repeat(1_000_000))).isFalse();
    }

    private String refusal(String username, String password) {
        var problem = catchThrowableOfType(Problem.class, () -> policy.check("password", username, password));
        assertThat(problem).as("refusal").isNotNull();
        return problem.getMessage();
    }
}
