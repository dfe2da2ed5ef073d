package io.gatehouse.ldap;

import static io.gatehouse.directory.SecondFactorPolicy.IF_PRESENT;
import static io.gatehouse.directory.SecondFactorPolicy.NOT_NEEDED;
import static io.gatehouse.directory.SecondFactorPolicy.REQUIRED;
import static org.assertj.core.api.Assertions.assertThat;

import io.gatehouse.directory.Principal;
import io.gatehouse.directory.SecondFactorPolicy;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class OwedTest {

    private static Principal person(boolean secondFactor, SecondFactorPolicy ofGroups) {
        return new Principal(Principal.Type.PERSON, 1, "grace", "uid=grace", "hash", null, Instant.EPOCH, false,
                secondFactor ? Instant.EPOCH : null, List.of(), ofGroups, 0);
    }

    private static Principal client(SecondFactorPolicy policy) {
        return new Principal(Principal.Type.SERVICE_ACCOUNT, 2, "gitea", "cn=gitea", "hash", null, Instant.EPOCH, false, null, List.of(), policy, 0);
    }

    @Test
    void theGroupsSayWhatIsOwed() {
        assertThat(Owed.of(person(false, IF_PRESENT), null, false)).isEqualTo(Owed.NOTHING);
        assertThat(Owed.of(person(true, IF_PRESENT), null, false)).isEqualTo(Owed.SECOND_FACTOR);
        assertThat(Owed.of(person(false, NOT_NEEDED), null, false)).isEqualTo(Owed.NOTHING);
        assertThat(Owed.of(person(true, NOT_NEEDED), null, false)).isEqualTo(Owed.NOTHING);
        assertThat(Owed.of(person(false, REQUIRED), null, false)).isEqualTo(Owed.MISSING_SECOND_FACTOR);
        assertThat(Owed.of(person(true, REQUIRED), null, false)).isEqualTo(Owed.SECOND_FACTOR);
    }

    @Test
    void theServiceAccountGoesBeforeTheGroups() {
        for (var ofGroups : SecondFactorPolicy.values()) {
            assertThat(Owed.of(person(true, ofGroups), client(NOT_NEEDED), false)).isEqualTo(Owed.NOTHING);
            assertThat(Owed.of(person(true, ofGroups), client(IF_PRESENT), false)).isEqualTo(Owed.SECOND_FACTOR);
            assertThat(Owed.of(person(false, ofGroups), client(IF_PRESENT), false)).isEqualTo(Owed.NOTHING);
            assertThat(Owed.of(person(false, ofGroups), client(REQUIRED), false)).isEqualTo(Owed.MISSING_SECOND_FACTOR);
        }
    }

    @Test
    void aServiceAccountThatSaysNothingLeavesItToTheGroups() {
        assertThat(Owed.of(person(true, NOT_NEEDED), client(null), false)).isEqualTo(Owed.NOTHING);
        assertThat(Owed.of(person(false, REQUIRED), client(null), false)).isEqualTo(Owed.MISSING_SECOND_FACTOR);
    }

    @Test
    void aServiceAccountOwesNothing() {
        assertThat(Owed.of(client(REQUIRED), null, false)).isEqualTo(Owed.NOTHING);
        assertThat(Owed.of(client(null), client(REQUIRED), false)).isEqualTo(Owed.NOTHING);
    }

    @Test
    void whereLoginsAreApprovedEverybodyOwesThatUnlessAPolicyForgoesIt() {
        for (var policy : List.of(IF_PRESENT, REQUIRED)) {
            assertThat(Owed.of(person(false, policy), null, true)).isEqualTo(Owed.APPROVAL);
            assertThat(Owed.of(person(true, policy), null, true)).isEqualTo(Owed.APPROVAL);
            assertThat(Owed.of(person(false, NOT_NEEDED), client(policy), true)).isEqualTo(Owed.APPROVAL);
        }
        assertThat(Owed.of(person(false, NOT_NEEDED), null, true)).isEqualTo(Owed.NOTHING);
        assertThat(Owed.of(person(false, REQUIRED), client(NOT_NEEDED), true)).isEqualTo(Owed.NOTHING);
        assertThat(Owed.of(client(REQUIRED), null, true)).isEqualTo(Owed.NOTHING);
    }

    @Test
    void nobodyOwesWhatAPersonWithoutGroupsOwes() {
        assertThat(Owed.of(null, null, true)).isEqualTo(Owed.APPROVAL);
        assertThat(Owed.of(null, client(REQUIRED), true)).isEqualTo(Owed.APPROVAL);
        assertThat(Owed.of(null, client(NOT_NEEDED), true)).isEqualTo(Owed.NOTHING);
        assertThat(Owed.of(null, client(REQUIRED), false)).isEqualTo(Owed.NOTHING);
    }

    @Test
    void aNewPasswordOwesWhateverThereIs() {
        assertThat(Owed.ofNewPassword(person(false, NOT_NEEDED), true)).isEqualTo(Owed.APPROVAL);
        assertThat(Owed.ofNewPassword(person(true, NOT_NEEDED), false)).isEqualTo(Owed.SECOND_FACTOR);
        assertThat(Owed.ofNewPassword(person(false, REQUIRED), false)).isEqualTo(Owed.NOTHING);
        assertThat(Owed.ofNewPassword(null, true)).isEqualTo(Owed.APPROVAL);
        assertThat(Owed.ofNewPassword(client(null), true)).isEqualTo(Owed.NOTHING);
    }
}
