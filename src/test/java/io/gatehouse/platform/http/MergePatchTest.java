package io.gatehouse.platform.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.gatehouse.platform.Problem;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MergePatchTest {

    @Test
    void tellsNullFromWhatIsNotNamed() {
        var members = new HashMap<String, Object>();
        members.put("mail", null);
        var patch = new MergePatch(members);

        assertThat(patch.names("mail")).isTrue();
        assertThat(patch.text("mail")).isNull();
        assertThat(patch.names("cn")).isFalse();
    }

    @Test
    void leavesWhatIsNotNamed() {
        var members = new HashMap<String, Object>();
        members.put("mail", null);
        members.put("siteId", 7);
        var patch = new MergePatch(members);

        assertThat(patch.text("mail", "old@example.org")).isNull();
        assertThat(patch.text("cn", "Old")).isEqualTo("Old");
        assertThat(patch.integer("siteId", 3)).isEqualTo(7);
        assertThat(patch.integer("uidNumber", 3)).isEqualTo(3);
    }

    @Test
    void readsWholeNumbersOnly() {
        var members = new HashMap<String, Object>(Map.of("whole", 7, "broken", 7.0, "huge", 3_000_000_000L, "text", "7", "flag", true));
        members.put("nothing", null);
        var patch = new MergePatch(members);

        assertThat(patch.integer("whole")).isEqualTo(7);
        assertThat(patch.integer("nothing")).isNull();
        for (var member : List.of("broken", "huge", "text", "flag")) {
            assertThatThrownBy(() -> patch.integer(member)).as(member).isInstanceOf(Problem.class)
                    .extracting(problem -> ((Problem) problem).field()).isEqualTo(member);
        }
    }

    @Test
    void refusesOtherTypes() {
        var patch = new MergePatch(Map.of("cn", 1, "isAdministrator", "no", "sshPublicKeys", List.of(1)));

        assertThatThrownBy(() -> patch.text("cn")).isInstanceOf(Problem.class);
        assertThatThrownBy(() -> patch.flag("isAdministrator")).isInstanceOf(Problem.class);
        assertThatThrownBy(() -> patch.texts("sshPublicKeys")).isInstanceOf(Problem.class);
    }

    @Test
    void refusesWhatNobodyRead() {
        var patch = new MergePatch(Map.of("cn", "x", "uidNumber", 0));
        patch.text("cn");

        assertThatThrownBy(patch::end).isInstanceOf(Problem.class)
                .extracting(problem -> ((Problem) problem).field()).isEqualTo("uidNumber");
    }

    @Test
    void namesTheFieldsOfAnObjectInItByTheirPath() {
        var patch = new MergePatch(Map.of("sudo", Map.of("runAs", 1, "host", "ALL"), "none", 5));
        var sudo = patch.object("sudo");

        assertThatThrownBy(() -> sudo.texts("runAs")).extracting(problem -> ((Problem) problem).field()).isEqualTo("sudo.runAs");
        assertThatThrownBy(sudo::end).extracting(problem -> ((Problem) problem).field()).isEqualTo("sudo.host");
        assertThatThrownBy(() -> patch.object("none")).extracting(problem -> ((Problem) problem).field()).isEqualTo("none");
        assertThat(patch.object("other")).isNull();
    }
}
