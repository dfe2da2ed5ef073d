package io.gatehouse.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** SSSD with groups that name their members' entries, over StartTLS, and told to enumerate. */
class SssdRfc2307bisIT extends SssdLogin {

    SssdRfc2307bisIT(Lab lab) {
        super(lab, "rfc2307bis");
    }

    @Override
    String uris() {
        return lab.first().ldapUriByAddress();
    }

    @Override
    void configure(Path root, ServiceAccount account) throws IOException {
        super.configure(root, account);
        var domain = setting(api().sssdConf(account, "rfc2307bis", uris()), "domains");
        write(root.resolve("etc/sssd/conf.d/enumerate.conf"), "[domain/" + domain + "]\nenumerate = true\n");
    }

    @Test
    void everybodyAndEveryGroupIsListed() {
        await("the enumeration", () -> container().run("getent", "passwd").out().contains(member().name() + ":"));

        assertThat(container().run("getent", "passwd").out()).contains(administrator().name() + ":");
        await("the groups", () -> container().run("getent", "group").out().contains(team() + ":"));
        assertThat(container().run("getent", "group").out()).contains("ldapusers:", "sysadmins:");
    }

    @Test
    void groupsNameTheirMembersEntries() {
        assertThat(container().run("cat", "/etc/sssd/sssd.conf").orFail().out())
                .containsPattern("(?m)^ldap_schema *= *rfc2307bis$")
                .containsPattern("(?m)^ldap_id_use_start_tls *= *(?i:true)$");
    }
}
