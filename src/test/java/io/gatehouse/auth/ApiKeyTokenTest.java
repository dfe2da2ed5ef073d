package io.gatehouse.auth;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import org.junit.jupiter.api.Test;

class ApiKeyTokenTest {

    @Test
    void isReadAsItWasWritten() {
        for (int i = 0; i < 500; i++) {
            var token = ApiKeyToken.generate();

            assertThat(token.text()).matches("gh_[0-9a-z]{8}_[0-9A-Za-z]{49}");
            assertThat(ApiKeyToken.parse(token.text())).contains(token);
        }
    }

    @Test
    void isNeverTheSame() {
        var prefixes = new HashSet<String>();
        var secrets = new HashSet<String>();
        for (int i = 0; i < 500; i++) {
            var token = ApiKeyToken.generate();
            prefixes.add(token.prefix());
            secrets.add(token.secret());
        }
        assertThat(prefixes).hasSize(500);
        assertThat(secrets).hasSize(500);
    }

    @Test
    void isNoneAnyMoreWithAnyCharacterChanged() {
        var text = ApiKeyToken.generate().text();
        for (int i = 0; i < text.length(); i++) {
            var changed = text.substring(0, i) + (text.charAt(i) == '0' ? '1' : '0') + text.substring(i + 1);
            assertThat(ApiKeyToken.parse(changed)).as(changed).isEmpty();
        }
    }

    @Test
    void doesNotTellItsSecret() {
        var token = ApiKeyToken.generate();

        assertThat(token.toString()).contains(token.prefix()).doesNotContain(token.secret());
    }
}
