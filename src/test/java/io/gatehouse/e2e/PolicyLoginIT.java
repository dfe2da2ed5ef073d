package io.gatehouse.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/** Two containers that have joined, and one that shares an account with others: policies say who logs in where, and what sudo runs. */
@ExtendWith(EndToEnd.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class PolicyLoginIT {

    private static final String WEB = "policy-web";
    private static final String DATA = "policy-data";
    private static final String SHARED = "policy-shared";
    private static final String PASSWORD = "Nine gates, five keepers & one bell";
    private static final String COMMAND = "/usr/bin/id -un";

    private final Lab lab;
    private int data;
    private Person alice;
    private Person bob;

    PolicyLoginIT(Lab lab) {
        this.lab = lab;
    }

    @BeforeAll
    void startContainers() throws IOException {
        alice = person("policy-alice");
        bob = person("policy-bob");
        joined(WEB);
        data = joined(DATA);
        lab.api().createContainer(SHARED);
        var account = lab.api().createServiceAccount(SHARED);
        var served = lab.api().sssdConf(account, "rfc2307", lab.first().ldapUriByAddress());
        var configuration = Files.createDirectory(lab.directory().resolve(SHARED + ".configuration"));
        ContainerLogin.write(configuration.resolve("etc/sssd/sssd.conf"), served);
        ContainerLogin.write(configuration.resolve(SssdLogin.setting(served, "ldap_tls_cacert").substring(1)), lab.api().caPem());
        lab.start(SHARED, lab.harness("client/sssd"), configuration);
        for (var container : List.of(WEB, DATA, SHARED)) {
            ContainerLogin.await(container + " to know its people", () -> on(container).run("getent", "passwd", alice.name()).succeeded());
        }
    }

    @AfterAll
    void stopContainers() {
        for (var container : List.of(WEB, DATA, SHARED)) {
            on(container).close();
        }
    }

    @AfterEach
    void nothingSaid() {
        lab.api().deletePolicies();
        lab.api().resetAccessDefault();
    }

    @Test
    void aPersonLogsInWhereAPolicySaysSoAndNowhereElse() {
        lab.api().closeAccess();
        lab.api().createPolicy(policy("in", "allow", alice, WEB));

        assertLetIn(alice, WEB);
        assertKeptOut(alice, DATA);
        assertKeptOut(bob, WEB);
        assertThat(on(DATA).run("getent", "passwd", alice.name()).out()).isEmpty();
    }

    @Test
    void aPolicyCountsForTheNextLoginAndSoDoesItsEnd() {
        assertLetIn(bob, WEB);
        int out = lab.api().createPolicy(policy("out", "deny", bob, WEB));
        assertKeptOut(bob, WEB);
        assertLetIn(bob, DATA);

        lab.api().switchPolicy(out, false);
        assertLetIn(bob, WEB);
        lab.api().switchPolicy(out, true);
        assertKeptOut(bob, WEB);
    }

    @Test
    void sudoRunsWhatPoliciesAllowAndNothingThatTheyDeny() {
        lab.api().createPolicy(sudo("commands", "allow", alice, List.of(COMMAND, "/usr/bin/true"), 100));

        ContainerLogin.await("sudo by policy", () -> sudo(alice, WEB, COMMAND).succeeded());
        assertThat(sudo(alice, WEB, COMMAND).orFail().out().strip()).isEqualTo("root");
        assertThat(sudo(alice, WEB, "/usr/bin/cat /etc/shadow").succeeded()).isFalse();
        assertThat(sudo(alice, WEB, "/usr/bin/id -gn").succeeded()).as("other arguments").isFalse();
        assertThat(sudo(alice, DATA, COMMAND).succeeded()).isFalse();
        assertThat(sudo(bob, WEB, COMMAND).succeeded()).isFalse();

        lab.api().createPolicy(sudo("not-this", "deny", alice, List.of(COMMAND), 50));
        ContainerLogin.await("the denial", () -> !sudo(alice, WEB, COMMAND).succeeded());
        assertThat(sudo(alice, WEB, "/usr/bin/true")).matches(Outcome::succeeded);
    }

    @Test
    void aRotatedAccountLetsNobodyIn() {
        assertLetIn(alice, DATA);

        lab.api().rotateMachineAccount(data);
        var newcomer = person("policy-newcomer");

        assertThat(on(DATA).run("getent", "passwd", newcomer.name()).succeeded()).isFalse();
        assertThat(withKey(newcomer, DATA).succeeded()).isFalse();
        assertLetIn(newcomer, WEB);
        join(DATA, data);
        assertLetIn(newcomer, DATA);
    }

    @Test
    void aHostThatSharesAnAccountLooksForItsNameInTheAttributeHost() {
        assertLetIn(bob, SHARED);

        int out = lab.api().createPolicy(policy("out", "deny", bob, SHARED));

        assertThat(on(SHARED).run("getent", "passwd", bob.name())).as("known, but not let in").matches(Outcome::succeeded);
        assertKeptOut(bob, SHARED);
        assertLetIn(alice, SHARED);
        lab.api().switchPolicy(out, false);
        assertLetIn(bob, SHARED);
    }

    /** SSSD remembers for a second that somebody is not there, and by default for 15. */
    private void assertLetIn(Person person, String host) {
        var deadline = Instant.now().plusSeconds(10);
        while (!withKey(person, host).succeeded()) {
            assertThat(Instant.now()).as(person.name() + " by key on " + host).isBefore(deadline);
        }
        assertThat(withPassword(person, host)).as("by password").matches(Outcome::succeeded);
    }

    private void assertKeptOut(Person person, String host) {
        assertThat(withKey(person, host).succeeded()).as("by key").isFalse();
        assertThat(withPassword(person, host).succeeded()).as("by password").isFalse();
    }

    private Outcome withKey(Person person, String host) {
        return lab.workstation().run("ssh", "-o", "BatchMode=yes", "-i", person.keyFile(), person.name() + "@" + host, "true");
    }

    private Outcome withPassword(Person person, String host) {
        return lab.workstation().run("sshpass", "-p", person.password(), "ssh", "-o", "PubkeyAuthentication=no", person.name() + "@" + host, "true");
    }

    private Outcome sudo(Person person, String host, String command) {
        return lab.workstation().runWithInput(person.password() + "\n",
                "ssh", "-o", "BatchMode=yes", "-i", person.keyFile(), person.name() + "@" + host, "sudo -S -p '' " + command);
    }

    private static Map<String, Object> policy(String name, String effect, Person person, String container) {
        return Map.of("name", "e2e-" + name, "effect", effect, "targets", List.of(Map.of("type", "user", "id", person.name())),
                "destinations", List.of(Map.of("type", "container", "id", container)));
    }

    private static Map<String, Object> sudo(String name, String effect, Person person, List<String> commands, int priority) {
        return Map.of("name", "e2e-" + name, "effect", effect, "priority", priority, "login", false,
                "targets", List.of(Map.of("type", "user", "id", person.name())), "destinations", List.of(Map.of("type", "container", "id", WEB)),
                "sudo", Map.of("commands", commands));
    }

    private Person person(String name) {
        var key = "/root/" + name;
        lab.workstation().run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key).orFail();
        var user = lab.api().createUser(name, PASSWORD, lab.workstation().run("cat", key + ".pub").orFail().out().strip(), List.of());
        return new Person(name, PASSWORD, ((Number) user.get("uidNumber")).intValue(), key);
    }

    /** @return the id of the container */
    private int joined(String hostname) {
        int id = lab.api().createContainer(hostname);
        // As Debian leaves it when no client software was installed.
        lab.start(hostname, lab.harness("client/fresh")).run("pam-auth-update", "--disable", "ldap", "sss", "mkhomedir").orFail();
        join(hostname, id);
        return id;
    }

    private void join(String hostname, int id) {
        on(hostname).run("sh", "-c", lab.api().joinCommand(id) + " -s -- --no-install").orFail();
    }

    private Container on(String name) {
        return new Container(lab, name);
    }
}
