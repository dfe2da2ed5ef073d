package io.gatehouse.join;

import io.gatehouse.platform.ShellScript;
import io.gatehouse.platform.ShellText;
import io.gatehouse.platform.tls.TlsMaterial;
import jakarta.inject.Singleton;
import java.util.Locale;
import java.util.Map;

/** The scripts that containers join with, filled in for one of them. */
@Singleton
final class JoinScripts {

    private final ShellScript joining = ShellScript.resource("/join/join.sh");
    private final ShellScript leaving = ShellScript.resource("/join/leave.sh");
    private final ShellScript refusal = ShellScript.resource("/join/refusal.sh");
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
        return joining.filled(Map.of(
                "SERVER", ShellText.quoted(server),
                "TOKEN", ShellText.quoted(token),
                "TOKEN_STATE", ticket.state().name().toLowerCase(Locale.ROOT),
                "HOSTNAME", ShellText.quoted(ticket.hostname()),
                "OWNER", ShellText.quoted(ticket.owner()),
                "BIND_DN", ShellText.quoted(dn),
                "AUTHORITY", ShellScript.document(tls.caCertificatePem()),
                "SSSD_CONF", ShellScript.document(sssdConf),
                "LEAVE", ShellScript.document(leaving.filled(Map.of("SERVER", ShellText.quoted(server))))));
    }

    /** Says that there is no such token, and fails. */
    String refusal(String server) {
        return refusal.filled(Map.of("SERVER", ShellText.quoted(server)));
    }
}
