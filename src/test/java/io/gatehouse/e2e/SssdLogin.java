package io.gatehouse.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.testing.Totp;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.LockSupport;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** A container with SSSD, configured by the file that Gatehouse serves for it, and trusting the CA that it serves. */
abstract class SssdLogin extends ContainerLogin {

    /** Longer than SSSD waits for other answers. */
    private static final Duration LOOK_AT_THE_PHONE = Duration.ofSeconds(6);
    /** What a terminal sends for Ctrl and C. */
    private static final String INTERRUPT = "\u0003";

    private final String schema;
    private ServiceAccount account;

    /** @param schema {@code rfc2307} or {@code rfc2307bis}, also the container's name */
    SssdLogin(Lab lab, String schema) {
        super(lab, schema, "sssd");
        this.schema = schema;
    }

    /** What SSSD shall connect to, comma-separated. */
    abstract String uris();

    @Override
    void configure(Path root, ServiceAccount account) throws IOException {
        this.account = account;
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
    void aLoginIsApprovedOrRejectedOnAPhone() {
        var approving = newPerson("approves");
        var rejecting = newPerson("rejects");
        try (var phones = Phones.start(lab.inNetwork())) {
            api().approveLogins(phones.url());
            takeServedConfiguration(approving);

            var approved = CompletableFuture.supplyAsync(() -> sshWithPassword(approving, approving.password(), "id -un"));
            phones.awaitPrompt(approving.name());
            LockSupport.parkNanos(LOOK_AT_THE_PHONE.toNanos());
            assertThat(approved).isNotDone();
            phones.approve();
            assertThat(approved.join().orFail().out().strip()).isEqualTo(approving.name());

            var rejected = CompletableFuture.supplyAsync(() -> login(rejecting));
            phones.awaitPrompt(rejecting.name());
            phones.reject();
            assertRefused(rejected.join());

            assertRefused(login(rejecting.name(), "not " + rejecting.password()));
            assertThat(phones.count(rejecting.name())).isEqualTo(1);
            assertThat(phones.count(approving.name())).isEqualTo(1);
        } finally {
            api().approveNothing();
            takeServedConfiguration(approving);
        }
        assertThat(login(approving)).matches(Outcome::succeeded);
    }

    private void takeServedConfiguration(Person known) {
        container().runWithInput(api().sssdConf(account, schema, uris()), "sh", "-c", """
                cat > /etc/sssd/sssd.conf
                pid=$(cat /run/sssd.pid)
                kill "$pid"
                while grep -qs '^State:.[^Z]' "/proc/$pid/status"; do sleep 0.1; done
                sssd -D --logger=files -d 7 < /dev/null > /dev/null 2>&1""").orFail();
        await("SSSD to be back", () -> container().run("getent", "passwd", known.name()).succeeded());
    }

    @Test
    void aPasswordThatMustBeChangedIsChangedOnTheWayIn() {
        var person = newPerson("must-change");
        var fresh = person.password() + " renewed";
        api().requirePasswordChange(person.name());

        var dialogue = atATerminal(person, person.password(), person.password(), fresh, fresh);
        assertThat(dialogue.out()).contains("Your password has expired", "password updated successfully");

        assertThat(login(person.name(), fresh)).matches(Outcome::succeeded);
        assertRefused(login(person));
        assertThat(atATerminal(person, fresh).orFail().out()).isEqualTo(person.name() + "\r\n");
    }

    @Test
    void aPasswordThatMustBeChangedLetsNobodyInBefore() {
        var person = newPerson("changes-nothing");
        api().requirePasswordChange(person.name());

        assertThat(sshWithPassword(person, person.password(), "id -un").succeeded()).as("no terminal to ask at").isFalse();
        assertThat(atATerminal(person, person.password(), person.password(), INTERRUPT))
                .as("gives up").satisfies(dialogue -> {
                    assertThat(dialogue.succeeded()).isFalse();
                    assertThat(dialogue.out()).contains("Your password has expired").doesNotContain("updated successfully");
                });
        assertThat(sshWithKey(person, person.keyFile(), "id -un")).as("a key is no password").matches(Outcome::succeeded);
    }

    /** Logs in to ask who one is; what is asked for at the terminal after the login is answered one after another. */
    private Outcome atATerminal(Person person, String password, String... answers) {
        return lab.workstation().runWithInput(answers.length == 0 ? "" : String.join("\n", answers) + "\n", "converse",
                "sshpass", "-p", password, "ssh", "-tt", "-o", "PubkeyAuthentication=no", person.name() + "@" + host, "id -un");
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
