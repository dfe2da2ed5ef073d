package io.gatehouse.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What holds in a container, whichever client software it runs. A subclass says which, and configures it.
 *
 * <p>A test that changes somebody's state makes a person of its own, so that tests need no order.
 */
@ExtendWith(EndToEnd.class)
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class ContainerLogin {

    private static final int DEFAULT_GROUP = 2000;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Duration POLL = Duration.ofMillis(200);

    final Lab lab;
    /** The container's name, and the beginning of the names of everybody and everything of this class. */
    final String host;
    private final String stack;
    private Container container;
    private String team;
    private int teamNumber;
    private Person member;
    private Person administrator;

    /** @param stack folder of {@code src/e2e/client} with the client's fixed configuration */
    ContainerLogin(Lab lab, String host, String stack) {
        this.lab = lab;
        this.host = host;
        this.stack = stack;
    }

    /** Writes the configuration that depends on the directory, below {@code root}. */
    abstract void configure(Path root, ServiceAccount account) throws IOException;

    /** Does in the running container what is left to do. */
    void furnish(Container started) {
    }

    @BeforeAll
    void startContainer() throws IOException {
        team = host + "-team";
        teamNumber = ((Number) api().createGroup(team).get("gidNumber")).intValue();
        member = newPerson("member", team);
        administrator = newPerson("admin", "sysadmins");
        var configuration = Files.createDirectory(lab.directory().resolve(host + ".configuration"));
        configure(configuration, api().createServiceAccount(host));
        container = lab.start(host, lab.harness("client/" + stack), configuration);
        furnish(container);
        await(host + " to know its people", () -> container.run("getent", "passwd", member.name()).succeeded());
    }

    @AfterAll
    void stopContainer() {
        if (container != null) {
            container.close();
        }
    }

    @Test
    void aPersonIsFoundByName() {
        assertThat(container.run("getent", "passwd", member.name()).orFail().out().strip().split(":"))
                .satisfies(fields -> {
                    assertThat(fields[0]).isEqualTo(member.name());
                    assertThat(fields[2]).isEqualTo(Integer.toString(member.uidNumber()));
                    assertThat(fields[3]).isEqualTo(Integer.toString(DEFAULT_GROUP));
                    assertThat(fields[5]).isEqualTo("/home/" + member.name());
                    assertThat(fields[6]).isEqualTo("/bin/bash");
                });
    }

    @Test
    void aPersonIsFoundByNumber() {
        assertThat(container.run("getent", "passwd", Integer.toString(member.uidNumber())).orFail().out())
                .startsWith(member.name() + ":");
    }

    @Test
    void nobodyIsFoundByAnUnknownNameOrNumber() {
        assertThat(container.run("getent", "passwd", host + "-nobody").out()).isEmpty();
        assertThat(container.run("getent", "passwd", "54321").out()).isEmpty();
    }

    @Test
    void aGroupIsFoundByNameWithItsMembers() {
        assertThat(container.run("getent", "group", team).orFail().out().strip())
                .isEqualTo(team + ":*:" + teamNumber + ":" + member.name());
    }

    @Test
    void aGroupIsFoundByNumberWithItsMembers() {
        assertThat(container.run("getent", "group", Integer.toString(teamNumber)).orFail().out().strip())
                .isEqualTo(team + ":*:" + teamNumber + ":" + member.name());
    }

    @Test
    void aPersonHasThePrimaryAndTheSupplementaryGroups() {
        assertThat(container.run("id", "-gn", member.name()).orFail().out().strip()).isEqualTo("ldapusers");
        assertThat(groups(container.run("id", "-Gn", member.name()))).containsExactlyInAnyOrder("ldapusers", team);
    }

    @Test
    void theRightPasswordIsAccepted() {
        assertThat(login(member)).matches(Outcome::succeeded);
    }

    @Test
    void aWrongPasswordIsRefused() {
        assertRefused(login(member.name(), "not " + member.password()));
    }

    @Test
    void anEmptyPasswordIsRefused() {
        assertRefused(login(member.name(), ""));
    }

    @Test
    void anUnknownNameIsRefused() {
        assertRefused(login(host + "-nobody", member.password()));
    }

    @Test
    void whoIsSuspendedIsRefusedAndHidden() {
        var suspended = newPerson("suspended");
        api().suspend(suspended.name());

        assertRefused(login(suspended));
        assertThat(sshWithKey(suspended, suspended.keyFile(), "true").succeeded()).isFalse();
        assertThat(container.run("getent", "passwd", suspended.name()).out()).isEmpty();
    }

    @Test
    void theStoredKeyLogsInToAHomeOfOnesOwn() {
        assertThat(sshWithKey(member, member.keyFile(), "id -un; pwd; stat -c %U .").orFail().out().lines())
                .containsExactly(member.name(), "/home/" + member.name(), member.name());
    }

    @Test
    void anotherPersonsKeyIsRefused() {
        assertThat(sshWithKey(member, administrator.keyFile(), "true")).satisfies(outcome -> {
            assertThat(outcome.exit()).isEqualTo(255);
            assertThat(outcome.err()).contains("Permission denied");
        });
    }

    @Test
    void thePasswordLogsInOverSsh() {
        assertThat(sshWithPassword(member, member.password(), "id -un").orFail().out().strip()).isEqualTo(member.name());
    }

    @Test
    void aWrongPasswordIsRefusedOverSsh() {
        assertThat(sshWithPassword(member, "not " + member.password(), "true").succeeded()).isFalse();
    }

    @Test
    void suspensionIsEffectiveAtTheNextLogin() {
        var someone = newPerson("to-suspend");
        assertThat(sshWithKey(someone, someone.keyFile(), "true")).matches(Outcome::succeeded);
        assertThat(login(someone)).matches(Outcome::succeeded);

        api().suspend(someone.name());

        assertThat(sshWithKey(someone, someone.keyFile(), "true").succeeded()).isFalse();
        assertThat(sshWithPassword(someone, someone.password(), "true").succeeded()).isFalse();
        assertRefused(login(someone));
    }

    @Test
    void whoIsSuspendedWhileLoggedInDoesNotLogInAgain() {
        var someone = newPerson("still-there");
        stayLoggedIn(someone);

        api().suspend(someone.name());

        assertThat(sshWithKey(someone, someone.keyFile(), "true").succeeded()).isFalse();
        assertRefused(login(someone));
    }

    @Test
    void whoIsActiveAgainLogsIn() {
        var someone = newPerson("active-again");
        assertThat(login(someone)).matches(Outcome::succeeded);

        api().suspend(someone.name());
        api().activate(someone.name());

        assertThat(login(someone)).matches(Outcome::succeeded);
        assertThat(sshWithKey(someone, someone.keyFile(), "true")).matches(Outcome::succeeded);
    }

    @Test
    void leavingAGroupIsEffectiveAtTheNextLogin() {
        var leaver = newPerson("leaver", team);
        assertThat(groups(sshWithKey(leaver, leaver.keyFile(), "id -Gn"))).containsExactlyInAnyOrder("ldapusers", team);
        stayLoggedIn(leaver);

        api().removeMember(team, leaver.name());

        assertThat(groups(sshWithKey(leaver, leaver.keyFile(), "id -Gn"))).containsExactly("ldapusers");
    }

    @Test
    void aPersonIsInAllGroupsThatTheGroupsAreIn() {
        var names = Stream.of("innermost", "inner", "outer", "outermost").map(name -> host + "-" + name).toList();
        names.forEach(api()::createGroup);
        for (int i = 1; i < names.size(); i++) {
            api().nest(names.get(i), names.get(i - 1));
        }
        var someone = newPerson("nested", names.getFirst());

        assertThat(groups(sshWithKey(someone, someone.keyFile(), "id -Gn"))).contains("ldapusers").containsAll(names);
        assertThat(container.run("getent", "group", names.getLast()).orFail().out().strip()).endsWith(":" + someone.name());
        api().removeMember(names.getFirst(), someone.name());
        assertThat(groups(sshWithKey(someone, someone.keyFile(), "id -Gn"))).containsExactly("ldapusers");
    }

    @Test
    void anAdministratorByAnotherGroupRunsCommandsAsRoot() {
        var deputies = host + "-deputies";
        api().createGroup(deputies);
        var deputy = newPerson("deputy", deputies);
        assertThat(sudo(deputy).succeeded()).isFalse();

        api().nest("sysadmins", deputies);

        assertThat(sudo(deputy).orFail().out().strip()).isEqualTo("root");
    }

    @Test
    void aNewPasswordReplacesTheOldOne() {
        var someone = newPerson("new-password");
        var fresh = someone.password() + " renewed";

        assertThat(passwd(someone, someone.password(), fresh)).matches(Outcome::succeeded);

        assertThat(login(someone.name(), fresh)).matches(Outcome::succeeded);
        assertRefused(login(someone.name(), someone.password()));
    }

    @Test
    void aNewPasswordNeedsTheOldOne() {
        var someone = newPerson("keeps-password");

        assertThat(passwd(someone, "not " + someone.password(), someone.password() + " renewed").succeeded()).isFalse();

        assertThat(login(someone)).matches(Outcome::succeeded);
    }

    @Test
    void anAdministratorRunsCommandsAsRoot() {
        assertThat(sudo(administrator).orFail().out().strip()).isEqualTo("root");
    }

    @Test
    void anOrdinaryPersonRunsNothingAsRoot() {
        assertThat(sudo(member)).satisfies(outcome -> {
            assertThat(outcome.exit()).isEqualTo(1);
            assertThat(outcome.out()).isEmpty();
            assertThat(outcome.err()).containsPattern("is not (in the sudoers file|allowed to run sudo)");
        });
    }

    @Test
    void whoIsNoAdministratorAnyMoreRunsNothingAsRootAtTheNextLogin() {
        var former = newPerson("former-admin", "sysadmins");
        assertThat(sudo(former).orFail().out().strip()).isEqualTo("root");
        stayLoggedIn(former);

        api().removeMember("sysadmins", former.name());

        assertThat(sudo(former).succeeded()).isFalse();
    }

    /** The API of a node that runs. */
    Api api() {
        return lab.api();
    }

    Container container() {
        return container;
    }

    Person member() {
        return member;
    }

    Person administrator() {
        return administrator;
    }

    String team() {
        return team;
    }

    /** With a password and an SSH key, active. Made at once: a client that enumerates might keep what it saw in between. */
    Person newPerson(String label, String... groups) {
        var name = host + "-" + label;
        var password = "Nine gates, " + label.length() + " keepers & one bell";
        var key = "/root/" + name;
        lab.workstation().run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", key).orFail();
        var user = api().createUser(name, password, lab.workstation().run("cat", key + ".pub").orFail().out().strip(), List.of(groups));
        return new Person(name, password, ((Number) user.get("uidNumber")).intValue(), key);
    }

    Outcome login(Person person) {
        return login(person.name(), person.password());
    }

    /** Password and account check of the container's PAM stack. */
    Outcome login(String name, String password) {
        return container.runWithInput(password + "\n", "pamtester", "gatehouse-e2e", name, "authenticate", "acct_mgmt");
    }

    Outcome sshWithKey(Person person, String keyFile, String command) {
        return sshWithKey(person, keyFile, "", command);
    }

    Outcome sshWithPassword(Person person, String password, String command) {
        return lab.workstation().run("sshpass", "-p", password,
                "ssh", "-o", "PubkeyAuthentication=no", person.name() + "@" + host, command);
    }

    /** A client may ask the directory less while somebody is logged in, which must not keep a change from the next login. */
    private void stayLoggedIn(Person person) {
        sshWithKey(person, person.keyFile(), "sleep 600 > /dev/null 2>&1 < /dev/null &").orFail();
    }

    /** The person changes the own password, logged in by SSH. */
    Outcome passwd(Person person, String current, String fresh) {
        return sshWithKey(person, person.keyFile(), current + "\n" + fresh + "\n" + fresh + "\n", "passwd");
    }

    void assertRefused(Outcome login) {
        assertThat(login.exit()).as(login.toString()).isNotZero();
        assertThat(login.err()).containsAnyOf("Authentication failure", "User not known", "Permission denied");
    }

    static void write(Path file, String content) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    /** For what a client does in its own time and tells nobody about. */
    static void await(String what, BooleanSupplier condition) {
        var deadline = Instant.now().plus(PATIENCE);
        while (!condition.getAsBoolean()) {
            assertThat(Instant.now()).as("waited for " + what).isBefore(deadline);
            LockSupport.parkNanos(POLL.toNanos());
        }
    }

    static List<String> groups(Outcome id) {
        return List.of(id.orFail().out().strip().split(" "));
    }

    private Outcome sudo(Person person) {
        return sshWithKey(person, person.keyFile(), person.password() + "\n", "sudo -S -p '' id -un");
    }

    private Outcome sshWithKey(Person person, String keyFile, String input, String command) {
        return lab.workstation().runWithInput(input,
                "ssh", "-o", "BatchMode=yes", "-o", "PreferredAuthentications=publickey", "-i", keyFile,
                person.name() + "@" + host, command);
    }
}
