package io.gatehouse.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** nslcd with libnss-ldapd and libpam-ldapd over StartTLS: no cache, so everything is always asked anew. */
class NslcdIT extends ContainerLogin {

    NslcdIT(Lab lab) {
        super(lab, "nslcd", "nslcd");
    }

    @Override
    void configure(Path root, ServiceAccount account) throws IOException {
        var configuration = Files.readString(lab.harness("client/nslcd/etc/nslcd.conf"))
                .replace("@URI@", lab.first().ldapUri())
                .replace("@BASE@", account.dn().substring(account.dn().indexOf("dc=")))
                .replace("@BIND_DN@", account.dn())
                .replace("@PASSWORD@", account.password());
        write(root.resolve("etc/nslcd.conf"), configuration);
        write(root.resolve("etc/ldap/gatehouse-ca.pem"), api().caPem());
    }

    @Test
    void everybodyAndEveryGroupIsListed() {
        assertThat(container().run("getent", "passwd").orFail().out()).contains(member().name() + ":", administrator().name() + ":");
        assertThat(container().run("getent", "group").orFail().out()).contains(team() + ":", "ldapusers:", "sysadmins:");
    }

    @Test
    void theShadowEntryTellsNoPassword() {
        assertThat(container().run("getent", "shadow", member().name()).orFail().out()).startsWith(member().name() + ":*:");
    }
}
