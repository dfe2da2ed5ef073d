package io.gatehouse.platform.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.platform.StartupFailure;
import io.gatehouse.platform.mail.SmtpServer.Protection;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SmtpServerTest {

    @Test
    void isReadFromItsUrl() {
        assertThat(SmtpServer.parse("smtps://grace%40example.org:p%3A%2Fss+w%20rd@mail.example.org"))
                .isEqualTo(new SmtpServer("mail.example.org", 465, Protection.TLS, "grace@example.org", "p:/ss+w rd"));
        assertThat(SmtpServer.parse("smtp://mail.example.org")).isEqualTo(new SmtpServer("mail.example.org", 587, Protection.STARTTLS, null, null));
        assertThat(SmtpServer.parse("smtp://localhost:25/?starttls=never").protection()).isEqualTo(Protection.NONE);
        assertThat(SmtpServer.parse("smtp://[::1]:25?starttls=if-offered").protection()).isEqualTo(Protection.STARTTLS_IF_OFFERED);
    }

    @Test
    void asksForStartTlsAndTheRightName() {
        assertThat(SmtpServer.parse("smtp://u:p@mail.example.org").properties(null))
                .containsEntry("mail.smtp.starttls.required", "true").containsEntry("mail.smtp.ssl.checkserveridentity", "true");
        assertThat(SmtpServer.parse("smtps://u:p@mail.example.org").properties(null)).containsEntry("mail.smtps.ssl.checkserveridentity", "true");
    }

    @ParameterizedTest
    @ValueSource(strings = {"mail.example.org", "http://u:hunter2@mail.example.org", "smtp://u:hunter2@", "smtp://hunter2@mail.example.org",
            "smtp://:hunter2@mail.example.org", "smtp://u:hunter2@mail.example.org:99999", "smtp://u:hunter2@mail.example.org/x", "smtp://u:hunter 2@x.org",
            "smtp://u:hunter2@mail.example.org?starttls=never", "smtp://u:hunter2@localhost?starttls=maybe", "smtps://u:hunter2@localhost?starttls=never"})
    void isRefusedWithoutBeingQuoted(String text) {
        assertThatThrownBy(() -> SmtpServer.parse(text)).isInstanceOf(StartupFailure.class).hasNoCause()
                .message().contains("GATEHOUSE_SMTP_URL").doesNotContain("hunter");
    }

    @Test
    void showsNoPassword() {
        assertThat(SmtpServer.parse("smtp://u:hunter2@mail.example.org")).asString().doesNotContain("hunter2");
    }
}
