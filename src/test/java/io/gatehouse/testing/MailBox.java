package io.gatehouse.testing;

import com.icegreen.greenmail.util.GreenMail;
import com.icegreen.greenmail.util.GreenMailUtil;
import com.icegreen.greenmail.util.ServerSetup;
import jakarta.mail.MessagingException;
import jakarta.mail.internet.MimeMessage;
import jakarta.mail.internet.MimeMultipart;
import java.io.IOException;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Where the mail of a server arrives. */
public final class MailBox implements AutoCloseable {

    /** @param text of its text part, decoded */
    public record Letter(String to, String subject, String text) {

        private static final Pattern LINK = Pattern.compile("https://\\S+");

        /** The first link in it. */
        public String link() {
            var link = LINK.matcher(text);
            if (!link.find()) {
                throw new AssertionError("There is no link in: " + text);
            }
            return link.group();
        }

        /** What the first link ends with. */
        public String token() {
            return link().substring(link().indexOf('#') + 1);
        }
    }

    private static final long PATIENCE_MILLIS = 20_000;

    private final GreenMail smtp = new GreenMail(new ServerSetup(0, "127.0.0.1", ServerSetup.PROTOCOL_SMTP));

    public MailBox() {
        smtp.start();
    }

    /** A server that sends here. */
    public GatehouseServer.Builder sender() {
        return GatehouseServer.with("gatehouse.smtp-url", "smtp://127.0.0.1:" + smtp.getSmtp().getPort() + "?starttls=never")
                .with("gatehouse.mail-from", "gatehouse@example.org").with("gatehouse.public-url", "https://gatehouse.example.org/");
    }

    /** All that have come, in no order, as soon as there are so many. */
    public List<Letter> await(int count) {
        if (!smtp.waitForIncomingEmail(PATIENCE_MILLIS, count)) {
            throw new AssertionError("There are " + smtp.getReceivedMessages().length + " mails instead of " + count);
        }
        return Stream.of(smtp.getReceivedMessages()).map(MailBox::letter).toList();
    }

    /** The only one, as soon as it is there. */
    public Letter only() {
        return await(1).getLast();
    }

    private static Letter letter(MimeMessage message) {
        try {
            var text = (String) ((MimeMultipart) message.getContent()).getBodyPart(0).getContent();
            return new Letter(GreenMailUtil.getAddressList(message.getAllRecipients()), message.getSubject(), text);
        } catch (MessagingException | IOException e) {
            throw new AssertionError(e);
        }
    }

    @Override
    public void close() {
        smtp.stop();
    }
}
