package io.gatehouse.platform.mail;

import io.micronaut.core.annotation.Nullable;
import jakarta.mail.Address;
import jakarta.mail.MessagingException;
import jakarta.mail.SendFailedException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeBodyPart;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.nio.charset.StandardCharsets;
import java.util.Date;
import java.util.UUID;
import java.util.regex.Pattern;
import javax.net.ssl.SSLSocketFactory;
import org.eclipse.angus.mail.smtp.SMTPAddressFailedException;
import org.eclipse.angus.mail.smtp.SMTPSendFailedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands mail in at an SMTP server. */
final class SmtpTransport {

    /** What came of an attempt. */
    sealed interface Outcome {

        record Taken() implements Outcome {
        }

        /** The server will not take this mail, however often it is tried (RFC 5321 section 4.2.1: 5yz). */
        record Refused(String reason) implements Outcome {
        }

        /** @param unreachable whether any other mail would fare alike now */
        record NotNow(String reason, boolean unreachable) implements Outcome {
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(SmtpTransport.class);
    private static final String SENDER = "Gatehouse";
    private static final int LONGEST_REASON = 300;
    /** What a server quotes of a mail may be a link with a token in it. */
    private static final Pattern QUOTED_SECRET = Pattern.compile("\\S*://\\S*|[A-Za-z0-9_-]{32,}");
    private static final Pattern UNPRINTABLE = Pattern.compile("[^ -~]+");

    private final SmtpServer server;
    private final @Nullable SSLSocketFactory trust;
    private final String from;

    /**
     * @param trust knows the server's CA; null if the JDK does
     * @param from  the sender's address
     */
    SmtpTransport(SmtpServer server, @Nullable SSLSocketFactory trust, String from) {
        this.server = server;
        this.trust = trust;
        this.from = from;
    }

    Outcome send(UUID id, String recipient, MailContent content) {
        var session = Session.getInstance(server.properties(trust));
        try {
            var transport = session.getTransport();
            try {
                return send(transport, message(session, id, recipient, content));
            } finally {
                hangUp(transport);
            }
        } catch (MessagingException e) {
            int code = code(e);
            return code >= 500 ? new Outcome.Refused(reason(e)) : new Outcome.NotNow(reason(e), code == 0);
        }
    }

    private Outcome send(Transport transport, MimeMessage message) throws MessagingException {
        try {
            transport.connect(server.user(), server.password());
        } catch (MessagingException e) {
            return new Outcome.NotNow("connection: " + reason(e), true);
        }
        transport.sendMessage(message, message.getAllRecipients());
        return new Outcome.Taken();
    }

    /** A mail that was taken stays taken, however the server parts. */
    private static void hangUp(Transport transport) {
        try {
            transport.close();
        } catch (MessagingException e) {
            LOG.debug("The SMTP server did not say goodbye", e);
        }
    }

    private MimeMessage message(Session session, UUID id, String recipient, MailContent content) throws MessagingException {
        var message = new MimeMessage(session) {
            @Override
            protected void updateMessageID() throws MessagingException {
                setHeader("Message-ID", "<" + id + from.substring(from.indexOf('@')) + ">");
            }
        };
        message.setHeader("From", SENDER + " <" + from + ">");
        message.setRecipient(MimeMessage.RecipientType.TO, address(recipient));
        message.setSubject(content.subject(), StandardCharsets.UTF_8.name());
        message.setSentDate(new Date());
        message.setHeader("X-Gatehouse-Message-Id", id.toString());
        // RFC 3834 section 5: no vacation notices, please.
        message.setHeader("Auto-Submitted", "auto-generated");
        var text = new MimeBodyPart();
        text.setText(content.text(), StandardCharsets.UTF_8.name());
        var html = new MimeBodyPart();
        html.setText(content.html(), StandardCharsets.UTF_8.name(), "html");
        message.setContent(new MimeMultipart("alternative", text, html));
        message.saveChanges();
        return message;
    }

    private static Address address(String text) {
        var address = new InternetAddress();
        address.setAddress(text);
        return address;
    }

    /** The server's reply code that tells most; 0 if there was none. */
    private static int code(@Nullable Exception failure) {
        return switch (failure) {
            case null -> 0;
            case SMTPAddressFailedException refused -> refused.getReturnCode();
            case SMTPSendFailedException refused when refused.getNextException() instanceof SMTPAddressFailedException address -> address.getReturnCode();
            case SMTPSendFailedException refused -> refused.getReturnCode();
            case SendFailedException failed -> code(failed.getNextException());
            case MessagingException other -> code(other.getNextException());
            default -> 0;
        };
    }

    private static String reason(MessagingException failure) {
        Exception last = failure;
        for (var next = failure.getNextException(); next != null; next = next instanceof MessagingException more ? more.getNextException() : null) {
            last = next;
        }
        var text = last.getMessage() == null ? last.getClass().getSimpleName() : last.getMessage();
        var plain = QUOTED_SECRET.matcher(UNPRINTABLE.matcher(text).replaceAll(" ")).replaceAll("...").strip();
        return plain.length() > LONGEST_REASON ? plain.substring(0, LONGEST_REASON) : plain;
    }
}
