package io.gatehouse;

import static org.assertj.core.api.Assertions.assertThat;

import io.micronaut.context.ApplicationContext;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

class UnknownVariablesTest {

    private static final Pattern IN_A_TABLE = Pattern.compile("(?m)^\\|(?: ?`GATEHOUSE_[A-Z0-9_]+`,?)+");
    private static final Pattern VARIABLE = Pattern.compile("GATEHOUSE_[A-Z0-9_]+");

    @Test
    void whatIsMisspeltIsToldWithTheNearestSetting() {
        var known = Set.of("GATEHOUSE_LDAP_PORT", "GATEHOUSE_LDAPS_PORT", "GATEHOUSE_HTTP_PORT", "GATEHOUSE_SMTP_URL");

        assertThat(UnknownVariables.complaints(Set.of("GATEHOUSE_LDAP_PORT", "PATH", "GATEHOUSE_SMPT_URL", "GATEHOUSE_LDAP_PROT", "GATEHOUSE_HTPT_PORT",
                "GATEHOUSE_ENTIRELY_ELSE"), known)).containsExactly(
                "There is no setting GATEHOUSE_ENTIRELY_ELSE; it does nothing.",
                "There is no setting GATEHOUSE_HTPT_PORT; it does nothing. Is GATEHOUSE_HTTP_PORT meant?",
                "There is no setting GATEHOUSE_LDAP_PROT; it does nothing. Is GATEHOUSE_LDAP_PORT meant?",
                "There is no setting GATEHOUSE_SMPT_URL; it does nothing. Is GATEHOUSE_SMTP_URL meant?");
    }

    @Test
    void whatTheDocumentsNameIsKnown() throws IOException {
        try (var context = ApplicationContext.builder().deduceEnvironment(false).banner(false).start()) {
            var documented = IN_A_TABLE.matcher(Files.readString(Path.of("README.md")) + Files.readString(Path.of("docs/operations.md"))).results()
                    .map(MatchResult::group).flatMap(row -> VARIABLE.matcher(row).results().map(MatchResult::group)).toList();
            assertThat(documented).hasSizeGreaterThan(50).isSubsetOf(Settings.variables(context));
        }
    }
}
