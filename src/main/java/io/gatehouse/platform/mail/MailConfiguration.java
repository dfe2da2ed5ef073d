package io.gatehouse.platform.mail;

import io.gatehouse.platform.StartupFailure;
import io.gatehouse.platform.tls.PrivateAuthorities;
import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.annotation.Nullable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * @param smtpUrl     where mail is handed in, {@code smtp[s]://user:password@host:port}; without it no mail is sent
 * @param smtpUrlFile file that holds it instead
 * @param smtpCaFile  CAs in PEM that the SMTP server's certificate must come from, instead of the JDK's
 * @param mailFrom    the sender's address
 */
@ConfigurationProperties("gatehouse")
record MailConfiguration(@Nullable String smtpUrl, @Nullable Path smtpUrlFile, @Nullable Path smtpCaFile, @Nullable String mailFrom) {

    /**
     * Empty if no mail is sent.
     *
     * @throws StartupFailure if it is not complete, or something of it is malformed
     */
    Optional<SmtpTransport> transport() {
        return server().map(server -> new SmtpTransport(server,
                smtpCaFile == null ? null : PrivateAuthorities.trusted(smtpCaFile, "GATEHOUSE_SMTP_CA_FILE"), mailFrom));
    }

    private Optional<SmtpServer> server() {
        if (smtpUrl != null && smtpUrlFile != null) {
            throw new StartupFailure("Set GATEHOUSE_SMTP_URL or GATEHOUSE_SMTP_URL_FILE, not both.");
        }
        if (smtpUrl == null && smtpUrlFile == null) {
            return Optional.empty();
        }
        if (mailFrom == null || !Mail.isAddress(mailFrom)) {
            throw new StartupFailure("GATEHOUSE_MAIL_FROM must be the address that mail comes from, such as gatehouse@example.org.");
        }
        return Optional.of(SmtpServer.parse(smtpUrl != null ? smtpUrl : read(smtpUrlFile)));
    }

    private static String read(Path file) {
        try {
            return Files.readString(file).strip();
        } catch (IOException e) {
            throw new StartupFailure("Cannot read GATEHOUSE_SMTP_URL_FILE " + file + ".", e);
        }
    }

    /** Without the URL, which holds a password. */
    @Override
    public String toString() {
        return "MailConfiguration[" + mailFrom + "]";
    }
}
