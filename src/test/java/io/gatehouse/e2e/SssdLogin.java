package io.gatehouse.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.Totp;
import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A container with SSSD, configured by the file that Gatehouse serves for it, and trusting the CA that it serves. */
abstract class SssdLogin extends ContainerLogin {

    private final String schema;

    /** @param schema {@code rfc2307} or {@code rfc2307bis}, also the container's name */
    SssdLogin(Lab lab, String schema) {
        super(lab, schema, "sssd");
        this.schema = schema;
    }

    /** What SSSD shall connect to, comma-separated. */
    abstract String uris();

    @Override
    void configure(Path root, ServiceAccount account) throws IOException {
        var served = api().sssdConf(account, schema, uris());
        write(root.resolve("etc/sssd/sssd.conf"), served);
        write(root.resolve(setting(served, "ldap_tls_cacert").substring(1)), api().caPem());
    }

    @Test
    void sssdFindsNoFaultWithTheServedConfiguration() {
        assertThat(container().run("sssctl", "config-check")).matches(Outcome::succeeded);
    }

    @Test
    void sshdIsGivenTheStoredKeys() {
        var owner = newPerson("two-keys");
        lab.workstation().run("ssh-keygen", "-q", "-t", "ecdsa", "-N", "", "-f", owner.keyFile() + "-2").orFail();
        var first = keyOf(owner.keyFile());
        var second = keyOf(owner.keyFile() + "-2");
        api().addSshKey(owner.name(), second);
        container().run("sss_cache", "-E").orFail();

        assertThat(container().run("sss_ssh_authorizedkeys", owner.name()).orFail().out().lines().map(SssdLogin::withoutComment))
                .containsExactlyInAnyOrder(withoutComment(first), withoutComment(second));
    }

    @Test
    void aSecondFactorIsTypedBehindThePassword() {
        var person = newPerson("two-factors");
        var secret = api().enrol(person);

        assertRefused(login(person));
        assertRefused(login(person.name(), person.password() + "000000"));
        var typed = person.password() + Totp.code(secret, 0);
        assertThat(login(person.name(), typed)).matches(Outcome::succeeded);
        assertRefused(login(person.name(), typed));
    }

    @Test
    void theServedConfigurationDemandsACertificateOfTheServedAuthority() {
        assertThat(container().run("cat", "/etc/sssd/sssd.conf").orFail().out())
                .containsPattern("(?m)^ldap_tls_reqcert *= *(demand|hard)$");
    }

    static String setting(String configuration, String key) {
        return Pattern.compile("^" + key + " *= *(\\S+)$", Pattern.MULTILINE).matcher(configuration).results()
                .map((MatchResult line) -> line.group(1)).findFirst()
                .orElseThrow(() -> new AssertionError("no " + key + " in the served configuration:\n" + configuration));
    }

    private String keyOf(String keyFile) {
        return lab.workstation().run("cat", keyFile + ".pub").orFail().out().strip();
    }

    private static String withoutComment(String key) {
        var fields = key.split(" ");
        return fields[0] + " " + fields[1];
    }
}
