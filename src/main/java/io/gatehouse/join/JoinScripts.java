package io.gatehouse.join;

import io.gatehouse.platform.tls.TlsMaterial;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The scripts that containers join with, filled in for one of them. */
@Singleton
final class JoinScripts {

    private static final String DELIMITER = "GATEHOUSE_END";
    private static final Pattern MARK = Pattern.compile("@([A-Z_]+)@");

    private final String joining = resource("join.sh");
    private final String leaving = resource("leave.sh");
    private final String refusal = resource("refusal.sh");
    private final TlsMaterial tls;

    JoinScripts(TlsMaterial tls) {
        this.tls = tls;
    }

    /**
     * @param server   its address
     * @param dn       of the container's account
     * @param sssdConf without the password
     */
    String joining(String server, String token, JoinTicket ticket, String dn, String sssdConf) {
        return fill(joining, Map.of(
                "SERVER", ShellText.quoted(server),
                "TOKEN", ShellText.quoted(token),
                "TOKEN_STATE", ticket.state().name().toLowerCase(Locale.ROOT),
                "HOSTNAME", ShellText.quoted(ticket.hostname()),
                "OWNER", ShellText.quoted(ticket.owner()),
                "BIND_DN", ShellText.quoted(dn),
                "AUTHORITY", ShellText.document(tls.caCertificatePem(), DELIMITER),
                "SSSD_CONF", ShellText.document(sssdConf, DELIMITER),
                "LEAVE", ShellText.document(fill(leaving, Map.of("SERVER", ShellText.quoted(server))), DELIMITER)));
    }

    /** Says that there is no such token, and fails. */
    String refusal(String server) {
        return fill(refusal, Map.of("SERVER", ShellText.quoted(server)));
    }

    /** Once through: what is filled in is not looked at again. A mark without a value stays. */
    private static String fill(String script, Map<String, String> values) {
        return MARK.matcher(script).replaceAll((MatchResult mark) ->
                Matcher.quoteReplacement(values.getOrDefault(mark.group(1), mark.group())));
    }

    private static String resource(String name) {
        try (var in = JoinScripts.class.getResourceAsStream("/join/" + name)) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
