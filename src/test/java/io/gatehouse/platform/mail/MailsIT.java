package io.gatehouse.platform.mail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.icegreen.greenmail.configuration.GreenMailConfiguration;
import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.ServerSetup;
import io.gatehouse.platform.RecurringTasks;
import io.gatehouse.platform.StartupFailure;
import io.gatehouse.platform.Transactions;
import io.gatehouse.platform.http.ApiClient;
import io.gatehouse.testing.GatehouseServer;
import io.gatehouse.testing.TestCertificate;
import io.gatehouse.testing.TestPostgres;
import jakarta.mail.internet.MimeMultipart;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MailsIT {

    private static final String MASTER_KEY = "MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY=";
    private static final String SECRET = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    Path directory;

    private static GreenMail greenMail(int port) {
        return new GreenMail(new ServerSetup(port, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));
    }

    private static GatehouseServer.Builder sendingTo(String url) {
        return GatehouseServer.with("gatehouse.smtp-url", url).with("gatehouse.mail-from", "gatehouse@example.org")
                .with("gatehouse.public-url", "https://gatehouse.example.org").with("gatehouse.master-key", MASTER_KEY);
    }

    private static String url(GreenMail mail) {
        return "smtp://127.0.0.1:" + mail.getSmtp().getPort() + "?starttls=never";
    }

    private static void put(GatehouseServer server, String recipient) {
        server.bean(Transactions.class).write(handle -> {
            server.bean(Outbox.class).put(handle, mail(recipient));
            return null;
        });
    }

    private static Mail mail(String recipient) {
        return new Mail(recipient, MailTemplate.named("password-reset"),
                Map.of("username", "grace", "link", "https://gatehouse.example.org/" + SECRET, "until", "2026-01-02", "server", "gatehouse.example.org"), Duration.ofHours(1));
    }

    private interface Check {
        boolean holds();
    }

    private static void await(Check check) throws InterruptedException {
        for (long end = System.nanoTime() + PATIENCE.toNanos(); !check.holds(); Thread.sleep(10)) {
            assertThat(System.nanoTime()).as("patience").isLessThan(end);
        }
    }

    private static Map<String, Object> outcome(GatehouseServer server, String recipient) {
        return ApiClient.administrator(server).get("/mails?recipient=" + recipient).items().getFirst();
    }

    private static Map<String, Object> awaitAttempt(GatehouseServer server, String recipient) throws InterruptedException {
        await(() -> !outcome(server, recipient).get("attempts").equals(0L));
        return outcome(server, recipient);
    }

    private static int contents(GatehouseServer server) {
        return server.sql().withHandle(handle -> handle.createQuery("select count(content) from outbox").mapTo(int.class).one());
    }

    private static void tryAgain(GatehouseServer server) {
        server.sql().useHandle(handle -> handle.execute("update outbox set due_at = now() where state = 'pending'"));
    }

    @Test
    void goOutAsTextAndHtmlAndLeaveNothingButThatTheyDid() throws Exception {
        var smtp = greenMail(0);
        smtp.start();
        try (var server = sendingTo(url(smtp)).start()) {
            put(server, "grace@example.org");

            assertThat(smtp.waitForIncomingEmail(PATIENCE.toMillis(), 1)).isTrue();
            var received = smtp.getReceivedMessages()[0];
            assertThat(received.getSubject()).isEqualTo("A new password for grace at gatehouse.example.org");
            assertThat(received.getHeader("From", null)).isEqualTo("Gatehouse <gatehouse@example.org>");
            assertThat(received.getHeader("To", null)).isEqualTo("grace@example.org");
            var parts = (MimeMultipart) received.getContent();
            assertThat(parts.getContentType()).startsWith("multipart/alternative");
            assertThat((String) parts.getBodyPart(0).getContent()).contains("https://gatehouse.example.org/" + SECRET);
            assertThat(parts.getBodyPart(1).getContentType()).startsWith("text/html");
            assertThat((String) parts.getBodyPart(1).getContent()).contains("<a href=\"https://gatehouse.example.org/" + SECRET + "\">");

            var log = awaitAttempt(server, "grace@example.org");
            assertThat(log).containsEntry("state", "sent").containsEntry("template", "password-reset").containsEntry("lastError", null)
                    .containsEntry("id", received.getHeader("X-Gatehouse-Message-Id", null));
            assertThat(contents(server)).isZero();
            assertThat(ApiClient.administrator(server).get("/mails").text()).doesNotContain(SECRET);
            assertThat(ApiClient.administrator(server).get("/mails?state=failed").items()).isEmpty();
            assertThat(ApiClient.administrator(server).get("/mails?state=lost").at("field")).isEqualTo("state");
        } finally {
            smtp.stop();
        }
    }

    @Test
    void goWithTheirCauseOrNotAtAll() throws Exception {
        try (var smtp = new ScriptedSmtp(line -> null); var server = sendingTo(smtp.url()).start()) {
            assertThatThrownBy(() -> server.bean(Transactions.class).write(handle -> {
                server.bean(Outbox.class).put(handle, mail("nobody@example.org"));
                throw new IllegalStateException("the cause failed");
            })).hasMessage("the cause failed");
            put(server, "grace@example.org");

            awaitAttempt(server, "grace@example.org");
            assertThat(smtp.messages()).singleElement().asString().contains("To: grace@example.org");
        }
    }

    @Test
    void areEncryptedWhileTheyWait() throws Exception {
        try (var smtp = new ScriptedSmtp(line -> line.startsWith("MAIL") ? "451 later" : null); var server = sendingTo(smtp.url()).start()) {
            put(server, "grace@example.org");
            awaitAttempt(server, "grace@example.org");

            var content = server.sql().withHandle(handle -> handle.createQuery("select encode(content, 'escape') from outbox").mapTo(String.class).one());
            assertThat(content).isNotEmpty().doesNotContain(SECRET).doesNotContain("grace");
        }
    }

    @Test
    void areGivenUpWhenTheyAreRefusedForGoodAndTriedAgainWhenNotNow() throws Exception {
        var later = new AtomicBoolean(true);
        try (var smtp = new ScriptedSmtp(line -> line.startsWith("RCPT TO:<unknown@") ? "550 5.1.1 no such user"
                : line.startsWith("RCPT TO:<busy@") && later.get() ? "450 4.2.1 mailbox busy"
                : line.contains("To: spam@") ? "554 5.7.1 bad link https://gatehouse.example.org/" + SECRET : null);
             var server = sendingTo(smtp.url()).start()) {
            for (var name : new String[] {"unknown", "busy", "spam", "grace"}) {
                put(server, name + "@example.org");
            }

            assertThat(awaitAttempt(server, "unknown@example.org")).containsEntry("state", "failed").containsEntry("attempts", 1L)
                    .containsEntry("nextAttemptAt", null).extracting("lastError").asString().contains("550 5.1.1");
            assertThat(awaitAttempt(server, "spam@example.org")).containsEntry("state", "failed")
                    .extracting("lastError").asString().contains("554 5.7.1 bad link").doesNotContain(SECRET);
            assertThat(awaitAttempt(server, "grace@example.org")).containsEntry("state", "sent");
            assertThat(awaitAttempt(server, "busy@example.org")).containsEntry("state", "pending").containsEntry("endedAt", null)
                    .extracting("lastError").asString().contains("450 4.2.1");

            later.set(false);
            tryAgain(server);
            await(() -> outcome(server, "busy@example.org").get("state").equals("sent"));
            assertThat(outcome(server, "busy@example.org")).containsEntry("attempts", 2L).containsEntry("lastError", null);
        }
    }

    @Test
    void waitForAServerThatIsDown() throws Exception {
        int port;
        try (var free = new ServerSocket(0)) {
            port = free.getLocalPort();
        }
        var smtp = greenMail(port);
        try (var server = sendingTo("smtp://127.0.0.1:" + port + "?starttls=never").start()) {
            put(server, "grace@example.org");
            assertThat(awaitAttempt(server, "grace@example.org")).containsEntry("state", "pending").extracting("lastError").asString().startsWith("connection:");

            smtp.start();
            tryAgain(server);

            assertThat(smtp.waitForIncomingEmail(PATIENCE.toMillis(), 1)).isTrue();
            await(() -> outcome(server, "grace@example.org").get("state").equals("sent"));
        } finally {
            smtp.stop();
        }
    }

    @Test
    void areGivenUpWhenTheyHaveNoUseAnyMore() throws Exception {
        try (var smtp = new ScriptedSmtp(line -> line.startsWith("MAIL") ? "451 later" : null); var server = sendingTo(smtp.url()).start()) {
            put(server, "grace@example.org");
            awaitAttempt(server, "grace@example.org");

            server.sql().useHandle(handle -> handle.execute("update outbox set give_up_at = now(), due_at = now()"));

            server.bean(RecurringTasks.class).run(server.bean(MailRound.class));
            assertThat(outcome(server, "grace@example.org")).containsEntry("attempts", 1L).extracting("lastError").asString().contains("in time");
            assertThat(contents(server)).isZero();
        }
    }

    @Test
    void areGivenUpAlsoWhenThereIsNoServerToSendThemAnyMore() throws Exception {
        try (var smtp = new ScriptedSmtp(line -> line.startsWith("MAIL") ? "451 later" : null); var before = sendingTo(smtp.url()).start()) {
            put(before, "grace@example.org");
            awaitAttempt(before, "grace@example.org");
            try (var server = GatehouseServer.with("gatehouse.master-key", MASTER_KEY).on(before.database()).start()) {
                server.bean(RecurringTasks.class).run(server.bean(MailRound.class));
                assertThat(outcome(server, "grace@example.org")).containsEntry("state", "pending");

                server.sql().useHandle(handle -> handle.execute("update outbox set give_up_at = now()"));
                server.bean(RecurringTasks.class).run(server.bean(MailRound.class));

                assertThat(outcome(server, "grace@example.org")).containsEntry("state", "failed").extracting("lastError").asString().contains("in time");
            }
        }
    }

    @Test
    void areNeitherSentInTheClearNorWithAWrongPassword() throws Exception {
        var smtp = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP))
                .withConfiguration(GreenMailConfiguration.aConfig().withUser("gatehouse", "right"));
        smtp.start();
        int port = smtp.getSmtp().getPort();
        try (var server = sendingTo("smtp://127.0.0.1:" + port).start()) {
            put(server, "grace@example.org");
            assertThat(awaitAttempt(server, "grace@example.org")).containsEntry("state", "pending").extracting("lastError").asString().contains("STARTTLS");
        }
        try (var server = sendingTo("smtp://gatehouse:wrong@127.0.0.1:" + port + "?starttls=never").start()) {
            put(server, "grace@example.org");
            assertThat(awaitAttempt(server, "grace@example.org")).containsEntry("state", "pending").extracting("lastError").asString().contains("535")
                    .doesNotContain("wrong");
        }
        assertThat(smtp.getReceivedMessages()).isEmpty();
        var url = Files.writeString(directory.resolve("smtp-url"), "smtp://gatehouse:right@127.0.0.1:" + port + "?starttls=never\n");
        try (var server = sendingTo("").with("gatehouse.smtp-url-file", url.toString()).start()) {
            put(server, "grace@example.org");
            assertThat(smtp.waitForIncomingEmail(PATIENCE.toMillis(), 1)).isTrue();
        } finally {
            smtp.stop();
        }
    }

    @Test
    void goByStartTlsToAServerWhoseCertificateIsTrusted() throws Exception {
        var certificate = TestCertificate.of("localhost");
        try (var smtp = new ScriptedSmtp(certificate.context(), line -> null);
             var server = sendingTo("smtp://localhost:" + smtp.port()).with("gatehouse.smtp-ca-file", certificate.writeTo(directory.resolve("ca.pem"))).start()) {
            put(server, "grace@example.org");

            assertThat(awaitAttempt(server, "grace@example.org")).containsEntry("state", "sent");
            assertThat(smtp.messages()).singleElement().asString().contains("To: grace@example.org");
        }
    }

    @Test
    void goByTlsFromTheFirstByteAfterAuthentication() throws Exception {
        var certificate = TestCertificate.of("localhost");
        System.setProperty("greenmail.tls.keystore.file", certificate.writeKeyStoreTo(directory.resolve("server.p12")).toString());
        System.setProperty("greenmail.tls.keystore.password", TestCertificate.PASSWORD);
        var smtp = new GreenMail(new ServerSetup(0, "localhost", ServerSetup.PROTOCOL_SMTPS))
                .withConfiguration(GreenMailConfiguration.aConfig().withUser("gatehouse", "right"));
        smtp.start();
        try (var server = sendingTo("smtps://gatehouse:right@localhost:" + smtp.getSmtps().getPort())
                .with("gatehouse.smtp-ca-file", certificate.writeTo(directory.resolve("ca.pem"))).start()) {
            put(server, "grace@example.org");

            assertThat(smtp.waitForIncomingEmail(PATIENCE.toMillis(), 1)).isTrue();
            assertThat(awaitAttempt(server, "grace@example.org")).containsEntry("state", "sent");
        } finally {
            smtp.stop();
        }
    }

    @Test
    void stayWhereTheServerCannotProveWhoItIs() throws Exception {
        var certificate = TestCertificate.of("other.example.org");
        var authority = certificate.writeTo(directory.resolve("ca.pem"));
        try (var smtp = new ScriptedSmtp(certificate.context(), line -> null)) {
            try (var server = sendingTo("smtp://localhost:" + smtp.port()).start()) {
                put(server, "grace@example.org");
                assertThat(awaitAttempt(server, "grace@example.org")).containsEntry("state", "pending").extracting("lastError").asString()
                        .contains("unable to find valid certification path");
            }
            try (var server = sendingTo("smtp://localhost:" + smtp.port()).with("gatehouse.smtp-ca-file", authority).start()) {
                put(server, "grace@example.org");
                assertThat(awaitAttempt(server, "grace@example.org")).containsEntry("state", "pending").extracting("lastError").asString()
                        .contains("localhost");
            }
            assertThat(smtp.messages()).isEmpty();
        }
        var empty = Files.writeString(directory.resolve("empty.pem"), "");
        assertThatThrownBy(() -> sendingTo("smtp://localhost").with("gatehouse.smtp-ca-file", empty).start())
                .isInstanceOf(StartupFailure.class).hasMessageContaining("GATEHOUSE_SMTP_CA_FILE");
    }

    @Test
    void areNotHeldUpByOneThatCannotBeRead() throws Exception {
        var open = new AtomicBoolean();
        try (var smtp = new ScriptedSmtp(line -> open.get() ? null : "421 4.3.2 closing"); var server = sendingTo(smtp.url()).start()) {
            put(server, "broken@example.org");
            put(server, "grace@example.org");
            awaitAttempt(server, "broken@example.org");
            server.sql().useHandle(handle -> handle.execute("update outbox set content = '\\x00' where recipient = 'broken@example.org'"));
            open.set(true);

            tryAgain(server);

            await(() -> outcome(server, "grace@example.org").get("state").equals("sent"));
            assertThat(outcome(server, "broken@example.org")).containsEntry("state", "pending").extracting("lastError").asString().contains("inside of this server");
        }
    }

    @Test
    void goOnceEachHoweverManyNodesSend() throws Exception {
        var database = TestPostgres.freshDatabase();
        try (var smtp = new ScriptedSmtp(line -> null);
             var first = sendingTo(smtp.url()).on(database).start(); var second = sendingTo(smtp.url()).on(database).start()) {
            for (int i = 0; i < 40; i++) {
                put(i % 2 == 0 ? first : second, "user" + i + "@example.org");
            }

            await(() -> ApiClient.administrator(first).get("/mails?state=pending").items().isEmpty());

            assertThat(smtp.messages()).hasSize(40);
            assertThat(new HashSet<>(smtp.messages().stream().map(MailsIT::id).toList())).hasSize(40);
        }
    }

    @Test
    void goAgainWhenANodeDiesBeforeItCouldNoteThatTheyWent() throws Exception {
        var database = TestPostgres.freshDatabase();
        var dies = new AtomicBoolean(true);
        try (var smtp = new ScriptedSmtp(line -> {
            if (line.contains("X-Gatehouse-Message-Id") && dies.getAndSet(false)) {
                killSenders(database);
            }
            return null;
        }); var server = sendingTo(smtp.url()).on(database).start()) {
            put(server, "grace@example.org");
            await(() -> !smtp.messages().isEmpty());

            await(() -> {
                server.bean(MailDispatcher.class).wake();
                return smtp.messages().size() == 2;
            });

            await(() -> outcome(server, "grace@example.org").get("state").equals("sent"));
            assertThat(smtp.messages()).extracting(MailsIT::id).containsOnly((String) outcome(server, "grace@example.org").get("id"));
        }
    }

    /** As the death of the node that sends would. */
    private static void killSenders(TestPostgres.TestDatabase database) {
        try (var connection = database.connect(database.superuser()); var statement = connection.createStatement()) {
            statement.execute("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and state = 'idle in transaction'");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private static String id(String message) {
        return Stream.of(message.split("\n")).filter(line -> line.startsWith("X-Gatehouse-Message-Id: ")).findFirst().orElseThrow()
                .substring("X-Gatehouse-Message-Id: ".length());
    }

    @Test
    void goOnceToAServerThatPartsWithoutAGoodbye() throws Exception {
        try (var smtp = new ScriptedSmtp(line -> line.equals("QUIT") ? ScriptedSmtp.RESET : null); var server = sendingTo(smtp.url()).start()) {
            put(server, "grace@example.org");

            assertThat(awaitAttempt(server, "grace@example.org")).containsEntry("state", "sent").containsEntry("lastError", null);
        }
    }

    @Test
    void areForgottenWithoutAServerToSendThem() {
        try (var server = GatehouseServer.start()) {
            put(server, "grace@example.org");
            assertThat(ApiClient.administrator(server).get("/mails").items()).isEmpty();
        }
    }

    @Test
    void needASenderAndAnAddressForLinks() {
        assertThatThrownBy(() -> sendingTo("smtp://localhost?starttls=never").with("gatehouse.mail-from", "").start())
                .isInstanceOf(StartupFailure.class).hasMessageContaining("GATEHOUSE_MAIL_FROM");
        assertThatThrownBy(() -> sendingTo("smtp://localhost?starttls=never").with("gatehouse.public-url", "").start())
                .isInstanceOf(StartupFailure.class).hasMessageContaining("GATEHOUSE_PUBLIC_URL");
    }

    @Test
    void areRememberedForNinetyDays() throws Exception {
        try (var smtp = new ScriptedSmtp(line -> null); var server = sendingTo(smtp.url()).start()) {
            put(server, "old@example.org");
            put(server, "new@example.org");
            awaitAttempt(server, "old@example.org");
            awaitAttempt(server, "new@example.org");
            server.sql().useHandle(handle -> handle.execute("update outbox set ended_at = now() - interval '91 days' where recipient = 'old@example.org'"));

            server.bean(RecurringTasks.class).run(server.bean(MailRound.class));

            assertThat(ApiClient.administrator(server).get("/mails").items()).extracting(mail -> mail.get("recipient")).containsExactly("new@example.org");
        }
    }
}
