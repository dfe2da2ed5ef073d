package io.gatehouse;

import io.gatehouse.credentials.PasswordPolicy;
import io.gatehouse.identity.Bootstrap;
import io.gatehouse.ldap.LdapServer;
import io.gatehouse.platform.http.HttpsListener;
import io.gatehouse.platform.tls.TlsMaterial;
import jakarta.inject.Singleton;

/** What the operator reads when the server is up: where it listens, and lines to paste that do the next thing. */
@Singleton
final class ReadyMessage {

    private static final String FIRST_ADMINISTRATOR = "admin";

    private final LdapServer ldap;
    private final TlsMaterial tls;
    private final Bootstrap bootstrap;
    private final PasswordPolicy passwords;
    private final HttpsListener https;

    ReadyMessage(LdapServer ldap, TlsMaterial tls, Bootstrap bootstrap, PasswordPolicy passwords, HttpsListener https) {
        this.ldap = ldap;
        this.tls = tls;
        this.bootstrap = bootstrap;
        this.passwords = passwords;
        this.https = https;
    }

    String text(int httpPort, boolean demo) {
        var http = "http://localhost:" + httpPort;
        var ldaps = "ldaps://localhost:" + ldap.ldapsPort();
        var addresses = """

                Gatehouse is ready.

                  LDAP   ldap://localhost:%d
                  LDAPS  %s
                  HTTP   %s%s
                  Base   %s
                  CA     %s

                """.formatted(ldap.port(), ldaps, http, https.port().isEmpty() ? "" : ", https://localhost:" + https.port().getAsInt(), ldap.baseDn(), tls.caFile());
        var token = bootstrap.token();
        if (token.isPresent()) {
            var password = passwords.generate(FIRST_ADMINISTRATOR);
            return addresses + """
                    There are no users yet. Make the first administrator, with this password or one of yours:

                      curl -sS %s/api/v1/auth/register -H 'Content-Type: application/json' \\
                        -d '{"username": "%s", "password": "%s", "bootstrapToken": "%s"}'

                    Then look at the directory, which now shows who was made:

                    """.formatted(http, FIRST_ADMINISTRATOR, password, token.get())
                    + search(ldaps, FIRST_ADMINISTRATOR, password);
        }
        if (demo) {
            return addresses + """
                    The demo's people all have the password '%s'. Log in as one of them:

                    """.formatted(Demo.PASSWORD)
                    + login(http, Demo.ADMINISTRATOR, Demo.PASSWORD) + "\n" + search(ldaps, Demo.ADMINISTRATOR, Demo.PASSWORD);
        }
        return addresses + """
                Look whether all is well, and what the directory offers before you bind:

                  curl -sS %s/health

                  LDAPTLS_CACERT='%s' ldapsearch -x -H %s -s base -b '' '*' '+'
                """.formatted(http, tls.caFile(), ldaps);
    }

    private static String login(String http, String username, String password) {
        return """
                  curl -sS %s/api/v1/auth/login -H 'Content-Type: application/json' \\
                    -d '{"username": "%s", "password": "%s"}'
                """.formatted(http, username, password);
    }

    private String search(String ldaps, String username, String password) {
        return """
                  LDAPTLS_CACERT='%s' ldapsearch -x -H %s -D 'uid=%s,ou=people,%s' \\
                    -w '%s' -b '%s' '(objectClass=posixAccount)' uid uidNumber memberOf
                """.formatted(tls.caFile(), ldaps, username, ldap.baseDn(), password, ldap.baseDn());
    }
}
