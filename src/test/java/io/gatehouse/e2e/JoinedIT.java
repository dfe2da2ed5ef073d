package io.gatehouse.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Containers that have joined by the command that comes with a join token, each with an account of its own. */
class JoinedIT extends ContainerLogin {

    private static final String WITHOUT_INSTALLING = " -s -- --no-install";
    private static final String LEAVE = "/usr/local/sbin/gatehouse-leave";
    private static final String SSSD_CONF = "/etc/sssd/sssd.conf";
    /** All that joining could have changed; what SSSD keeps for itself, and logs, apart. */
    private static final String TREE = """
            cd /; for top in etc usr/local usr/sbin var/lib root home; do
              find $top -xdev -path var/lib/sss -prune -o -printf '%m %u:%g %y %p %l\\n' -type f -exec sha256sum {} +
            done | sort""";

    private int second;

    JoinedIT(Lab lab) {
        super(lab, "web1", "fresh");
    }

    /** All of it is the script's affair. */
    @Override
    void configure(Path root, ServiceAccount account) {
    }

    @Override
    void furnish(Container started) {
        makeFresh(started);
        assertThat(join(started, api().joinCommand(api().createContainer(host)), WITHOUT_INSTALLING).orFail().out()).contains("Joined.");
    }

    @BeforeAll
    void createASecondContainer() {
        second = api().createContainer("db1");
    }

    @Test
    void theContainerBindsWithAnAccountOfItsOwn() {
        assertThat(container().run("cat", SSSD_CONF).orFail().out()).contains("ldap_default_bind_dn = cn=web1,ou=hosts,dc=cluster,dc=internal\n",
                "ldap_uri = ldaps://ldap1.gatehouse.test:1636, ldaps://ldap2.gatehouse.test:2636\n", "ldap_tls_reqcert = demand\n");
        assertThat(container().run("stat", "-c", "%a %U", SSSD_CONF).orFail().out().strip()).isEqualTo("600 root");
    }

    @Test
    void aDryRunChangesNothingAndUsesNothingUp() {
        try (var fresh = startSecond()) {
            var before = tree(fresh);
            var command = api().joinCommand(second);

            var dry = join(fresh, command, " -s -- --no-install --dry-run").orFail();

            assertThat(tree(fresh)).isEqualTo(before);
            assertThat(dry.out()).contains("would write " + SSSD_CONF, "ldap_default_authtok = (told by the server)", "would write /etc/nsswitch.conf",
                    "would enable PAM profiles: sss mkhomedir");
            assertThat(api().hasJoined(second)).isFalse();
            join(fresh, command, WITHOUT_INSTALLING).orFail();
            assertThat(join(fresh, command, " -s -- --dry-run").orFail().out()).doesNotContain("would");
        }
    }

    @Test
    void joiningOnceMoreChangesNothing() {
        try (var fresh = startSecond()) {
            var command = api().joinCommand(second);
            join(fresh, command, WITHOUT_INSTALLING).orFail();
            var before = tree(fresh);
            var sssd = fresh.run("cat", "/run/sssd.pid").orFail().out();

            var again = join(fresh, command, WITHOUT_INSTALLING).orFail();

            assertThat(tree(fresh)).isEqualTo(before);
            assertThat(again.out()).contains("unchanged  " + SSSD_CONF).doesNotContain("write", "restart", "joined  ");
            assertThat(fresh.run("cat", "/run/sssd.pid").orFail().out()).isEqualTo(sssd);
        }
    }

    @Test
    void whatSomebodyRemovedIsPutBackWithoutAnotherToken() {
        try (var fresh = startSecond()) {
            var command = api().joinCommand(second);
            join(fresh, command, WITHOUT_INSTALLING).orFail();
            var before = tree(fresh);
            fresh.run("rm", "/etc/ssh/sshd_config.d/50-gatehouse.conf", "/etc/sssd/gatehouse-ca.pem").orFail();

            join(fresh, command, WITHOUT_INSTALLING).orFail();

            assertThat(tree(fresh)).isEqualTo(before);
        }
    }

    @Test
    void leavingUndoesAll() {
        try (var fresh = startSecond()) {
            fresh.run("sh", "-c", "printf '[sssd]\\n# of somebody else\\n' > " + SSSD_CONF + "; chmod 600 " + SSSD_CONF).orFail();
            var before = tree(fresh);
            join(fresh, api().joinCommand(second), WITHOUT_INSTALLING).orFail();
            assertThat(tree(fresh)).isNotEqualTo(before);

            assertThat(fresh.run(LEAVE, "--dry-run").orFail().out()).contains("would restore  " + SSSD_CONF);
            var left = fresh.run(LEAVE).orFail();

            assertThat(tree(fresh)).isEqualTo(before);
            assertThat(left.out()).contains("This machine has left the directory.");
            assertThat(api().hasJoined(second)).isTrue();
            assertThat(fresh.run("getent", "passwd", member().name()).out()).isEmpty();
        }
    }

    @Test
    void whoLeavesMayTakeTheAccountAlong() {
        try (var fresh = startSecond()) {
            join(fresh, api().joinCommand(second), WITHOUT_INSTALLING).orFail();

            fresh.run(LEAVE, "--remove-account").orFail();

            assertThat(api().hasJoined(second)).isFalse();
        }
    }

    @Test
    void whatSomebodyChangedSinceStaysWhenTheContainerLeaves() {
        try (var fresh = startSecond()) {
            join(fresh, api().joinCommand(second), WITHOUT_INSTALLING).orFail();
            fresh.run("sh", "-c", "echo 'rpc: files' >> /etc/nsswitch.conf").orFail();

            var left = fresh.run(LEAVE).orFail();

            assertThat(left.err()).contains("/etc/nsswitch.conf was changed since", "/var/lib/gatehouse-join/saved/etc/nsswitch.conf");
            assertThat(fresh.run("cat", "/etc/nsswitch.conf").orFail().out()).contains("rpc: files");
        }
    }

    @Test
    void aRotatedAccountIsRefusedUntilTheContainerJoinsAgain() {
        try (var fresh = startSecond()) {
            join(fresh, api().joinCommand(second), WITHOUT_INSTALLING).orFail();
            assertThat(fresh.run("getent", "passwd", member().name())).matches(Outcome::succeeded);

            api().rotateMachineAccount(second);
            var newcomer = newPerson("after-rotation");

            assertThat(fresh.run("getent", "passwd", newcomer.name()).succeeded()).isFalse();
            assertThat(ssh(newcomer).succeeded()).isFalse();
            join(fresh, api().joinCommand(second), WITHOUT_INSTALLING).orFail();
            assertThat(fresh.run("getent", "passwd", newcomer.name())).matches(Outcome::succeeded);
            assertThat(ssh(newcomer).orFail().out().strip()).isEqualTo(newcomer.name());
        }
    }

    @Test
    void aTokenThatWasUsedElsewhereIsRefusedBeforeAnythingIsChanged() {
        try (var fresh = startSecond()) {
            var command = api().joinCommand(second);
            join(fresh, command, WITHOUT_INSTALLING).orFail();
            fresh.run(LEAVE).orFail();
            var before = tree(fresh);

            var refused = join(fresh, command, WITHOUT_INSTALLING);

            assertThat(refused.exit()).isEqualTo(1);
            assertThat(refused.err()).contains("This join token was used already", "/api/v1/containers/ID/join-token");
            assertThat(tree(fresh)).isEqualTo(before);
        }
    }

    @Test
    void whoIsNotRootIsToldSo() {
        var refused = container().run("su", "-s", "/bin/sh", "nobody", "-c", api().joinCommand(second));

        assertThat(refused.exit()).isEqualTo(1);
        assertThat(refused.err()).contains("Only root can do this.");
    }

    private Container startSecond() {
        var fresh = lab.start("db1", lab.harness("client/fresh"));
        makeFresh(fresh);
        return fresh;
    }

    /** As Debian leaves it when neither client software was installed; the packages are there, since there is no archive here. */
    private static void makeFresh(Container container) {
        container.run("pam-auth-update", "--disable", "ldap", "sss", "mkhomedir").orFail();
    }

    private static Outcome join(Container container, String command, String options) {
        assertThat(command).matches("curl -fsS 'http://ldap1\\.gatehouse\\.test:8080/join\\?token=join-[0-9a-z-]+' \\| sh");
        return container.run("sh", "-c", command + options);
    }

    private Outcome ssh(Person person) {
        return lab.workstation().run("ssh", "-o", "BatchMode=yes", "-i", person.keyFile(), person.name() + "@db1", "id -un");
    }

    private static String tree(Container container) {
        return container.run("sh", "-c", TREE).orFail().out();
    }
}
