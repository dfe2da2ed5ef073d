package io.gatehouse.identity;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.platform.Problem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class AccountNamesTest {

    @ParameterizedTest
    @ValueSource(strings = {"a", "alice", "alice.b", "a-b_c.d", "x2", "admin", "abcdefghijklmnopqrstuvwxyz012345"})
    void takesNamesThatPosixToolsTake(String name) {
        assertThatCode(() -> AccountNames.checkUsername(name)).doesNotThrowAnyException();
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Alice", "2x", ".a", "-a", "a b", "a:b", "a/b", "ä", "a\n", "a\0", "abcdefghijklmnopqrstuvwxyz0123456"})
    void refusesNamesThatPosixToolsRefuse(String name) {
        assertThatThrownBy(() -> AccountNames.checkUsername(name)).isInstanceOf(Problem.class);
        assertThatThrownBy(() -> AccountNames.checkGroupName(name)).isInstanceOf(Problem.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"root", "daemon", "nobody", "www-data", "sshd", "sssd", "postgres", "systemd-network", "_apt", "sudo", "sysadmins", "anonymous", "system"})
    void refusesNamesOfTheSystemsOwnAccounts(String name) {
        assertThatThrownBy(() -> AccountNames.checkUsername(name)).isInstanceOf(Problem.class);
        assertThatThrownBy(() -> AccountNames.checkGroupName(name)).isInstanceOf(Problem.class);
    }

    /** Ubuntu's sudoers file lets the group admin run everything. */
    @Test
    void refusesTheGroupAdminButNotTheUser() {
        assertThatCode(() -> AccountNames.checkUsername("admin")).doesNotThrowAnyException();
        assertThatThrownBy(() -> AccountNames.checkGroupName("admin")).isInstanceOf(Problem.class);
    }

    @Test
    void letsServiceAccountsBeCalledLikeWhatTheyServe() {
        assertThatCode(() -> AccountNames.checkServiceName("sssd")).doesNotThrowAnyException();
        assertThatThrownBy(() -> AccountNames.checkServiceName("a,b")).isInstanceOf(Problem.class);
    }
}
