package io.gatehouse.platform.mail;

import io.gatehouse.platform.StartupFailure;
import io.micronaut.core.annotation.Nullable;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Properties;
import java.util.Set;
import javax.net.ssl.SSLSocketFactory;

/** Where mail is handed in (RFC 6409), and how the connection is protected. */
record SmtpServer(String host, int port, Protection protection, @Nullable String user, @Nullable String password) {

    /** What keeps mail and password from those in between. */
    enum Protection {
        /** From the first byte (RFC 8314). */
        TLS,
        /** STARTTLS (RFC 3207), or no mail. */
        STARTTLS,
        STARTTLS_IF_OFFERED,
        NONE
    }

    private static final String FORM = "GATEHOUSE_SMTP_URL is no address such as smtp://user:password@mail.example.org:587 or"
            + " smtps://user:password@mail.example.org:465; special characters of user and password are written %40, %3A and so on.";
    private static final Set<String> LOOPBACK = Set.of("localhost", "127.0.0.1", "[::1]");
    private static final String TIMEOUT_MILLIS = "20000";

    /** @throws StartupFailure that does not quote the text, which may hold a password */
    static SmtpServer parse(String text) {
        try {
            var uri = new URI(text);
            if (uri.getScheme() == null || uri.getHost() == null || uri.getPort() == 0 || uri.getPort() > 65_535
                    || !Set.of("", "/").contains(uri.getRawPath()) || uri.getRawFragment() != null) {
                throw new StartupFailure(FORM);
            }
            var user = uri.getRawUserInfo();
            int colon = user == null ? -1 : user.indexOf(':');
            if (user != null && (colon < 1 || colon == user.length() - 1)) {
                throw new StartupFailure(FORM);
            }
            var protection = protection(uri);
            return new SmtpServer(uri.getHost(), uri.getPort() > 0 ? uri.getPort() : protection == Protection.TLS ? 465 : 587, protection,
                    user == null ? null : decoded(user.substring(0, colon)), user == null ? null : decoded(user.substring(colon + 1)));
        } catch (URISyntaxException e) {
            // Its message quotes the text.
            throw new StartupFailure(FORM);
        }
    }

    private static Protection protection(URI uri) {
        if (uri.getScheme().equals("smtps") && uri.getRawQuery() == null) {
            return Protection.TLS;
        }
        if (!uri.getScheme().equals("smtp")) {
            throw new StartupFailure(FORM);
        }
        var protection = switch (uri.getRawQuery()) {
            case null -> Protection.STARTTLS;
            case "starttls=required" -> Protection.STARTTLS;
            case "starttls=if-offered" -> Protection.STARTTLS_IF_OFFERED;
            case "starttls=never" -> Protection.NONE;
            default -> throw new StartupFailure("GATEHOUSE_SMTP_URL may end with ?starttls=required, ?starttls=if-offered or ?starttls=never.");
        };
        if (protection != Protection.STARTTLS && !LOOPBACK.contains(uri.getHost())) {
            throw new StartupFailure("GATEHOUSE_SMTP_URL may go without STARTTLS on this host only (localhost, 127.0.0.1, [::1]): mails hold secrets.");
        }
        return protection;
    }

    private static String decoded(String part) throws URISyntaxException {
        return new URI("/" + part).getPath().substring(1);
    }

    /**
     * For a session of Jakarta Mail.
     *
     * @param trust knows the server's CA; null if the JDK does
     */
    Properties properties(@Nullable SSLSocketFactory trust) {
        var properties = new Properties();
        var protocol = protocol();
        properties.put("mail.transport.protocol", protocol);
        properties.put("mail.transport.protocol.rfc822", protocol);
        var prefix = "mail." + protocol + ".";
        properties.put(prefix + "host", host.replaceAll("[\\[\\]]", ""));
        properties.put(prefix + "port", Integer.toString(port));
        properties.put(prefix + "auth", Boolean.toString(user != null));
        properties.put(prefix + "ssl.checkserveridentity", "true");
        if (trust != null) {
            properties.put(prefix + "ssl.socketFactory", trust);
        }
        properties.put(prefix + "starttls.enable", Boolean.toString(protection == Protection.STARTTLS || protection == Protection.STARTTLS_IF_OFFERED));
        properties.put(prefix + "starttls.required", Boolean.toString(protection == Protection.STARTTLS));
        for (var timeout : new String[] {"connectiontimeout", "timeout", "writetimeout"}) {
            properties.put(prefix + timeout, TIMEOUT_MILLIS);
        }
        return properties;
    }

    private String protocol() {
        return protection == Protection.TLS ? "smtps" : "smtp";
    }

    /** Without the password. */
    @Override
    public String toString() {
        return "SmtpServer[" + host + ":" + port + ", " + protection + "]";
    }
}
