package io.gatehouse.e2e;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/** SSSD with the classic schema over LDAPS, and with two nodes to turn to. */
class SssdRfc2307IT extends SssdLogin {

    SssdRfc2307IT(Lab lab) {
        super(lab, "rfc2307");
    }

    @Override
    String uris() {
        return lab.first().ldapsUri() + "," + lab.second().ldapsUri();
    }

    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class WhileTheFirstNodeIsStopped {

        private Person newcomer;

        @BeforeAll
        void stopTheFirstNode() {
            lab.first().stop();
            newcomer = newPerson("newcomer", team());
        }

        @AfterAll
        void startItAgain() {
            backToNormal("after-fail-over");
        }

        @Test
        void whoIsMadeThroughTheSecondLogsIn() {
            assertThat(login(newcomer)).matches(Outcome::succeeded);
            assertThat(groups(sshWithKey(newcomer, newcomer.keyFile(), "id -Gn"))).containsExactlyInAnyOrder("ldapusers", team());
        }

        @Test
        void aNewPasswordIsSetThroughTheSecond() {
            var someone = newPerson("new-password-of-second");
            var fresh = someone.password() + " renewed";

            assertThat(passwd(someone, someone.password(), fresh)).matches(Outcome::succeeded);

            assertThat(login(someone.name(), fresh)).matches(Outcome::succeeded);
            assertRefused(login(someone.name(), someone.password()));
        }
    }

    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class WhileNoNodeRuns {

        private Person known;
        private Person unseen;

        @BeforeAll
        void stopTheNodes() {
            known = newPerson("known", team());
            unseen = newPerson("unseen");
            assertThat(login(known)).matches(Outcome::succeeded);
            lab.first().stop();
            lab.second().stop();
        }

        @AfterAll
        void startThemAgain() {
            backToNormal("after-outage");
        }

        @Test
        void whoHasLoggedInBeforeDoesSoWithThePassword() {
            assertThat(login(known)).matches(Outcome::succeeded);
            assertThat(sshWithPassword(known, known.password(), "true")).matches(Outcome::succeeded);
        }

        @Test
        void whoHasLoggedInBeforeDoesSoWithTheKeyAndKeepsTheGroups() {
            assertThat(groups(sshWithKey(known, known.keyFile(), "id -Gn"))).containsExactlyInAnyOrder("ldapusers", team());
        }

        @Test
        void aWrongPasswordIsRefused() {
            assertThat(login(known.name(), "not " + known.password()).succeeded()).isFalse();
        }

        @Test
        void whoWasNeverSeenIsRefused() {
            assertThat(login(unseen).succeeded()).isFalse();
            assertThat(sshWithKey(unseen, unseen.keyFile(), "true").succeeded()).isFalse();
        }

        @Test
        void aNewPasswordIsNotSet() {
            assertThat(passwd(known, known.password(), known.password() + " renewed").succeeded()).isFalse();
            assertThat(login(known)).matches(Outcome::succeeded);
        }
    }

    @Nested
    @TestInstance(TestInstance.Lifecycle.PER_CLASS)
    class WhileTheDatabaseIsGone {

        private Person unseen;

        @BeforeAll
        void stopTheDatabase() {
            unseen = newPerson("not-seen-yet", team());
            lab.database().stop();
        }

        @AfterAll
        void startItAgain() {
            lab.database().start();
            await("Gatehouse to write again", () -> api().isReady());
        }

        @Test
        void peopleLogInAsBefore() {
            assertThat(login(unseen)).matches(Outcome::succeeded);
            assertThat(groups(sshWithKey(unseen, unseen.keyFile(), "id -Gn"))).containsExactlyInAnyOrder("ldapusers", team());
            assertRefused(login(unseen.name(), "not " + unseen.password()));
        }

        @Test
        void aNewPasswordIsNotSet() {
            assertThat(passwd(unseen, unseen.password(), unseen.password() + " renewed").succeeded()).isFalse();
            assertThat(login(unseen)).matches(Outcome::succeeded);
        }
    }

    /** Starts what does not run, and waits until SSSD turns to it again. */
    private void backToNormal(String label) {
        lab.startNodes();
        var somebody = newPerson(label);
        container().run("sh", "-c", "kill -USR2 $(cat /run/sssd.pid)").orFail();
        await("SSSD to be online", () -> container().run("getent", "passwd", somebody.name()).succeeded());
    }
}
