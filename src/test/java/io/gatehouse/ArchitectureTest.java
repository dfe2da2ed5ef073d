package io.gatehouse;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The rooms of the house and the doors between them, as docs/architecture.md tells. */
class ArchitectureTest {

    private static final String HOUSE = "io.gatehouse";
    private static final String[] SQL = {"java.sql..", "javax.sql..", "org.jdbi..", "org.postgresql..", "com.zaxxer.."};

    /** What a room may use; the classes of the root package put the rooms together and may use all. */
    private static final Map<String, Set<String>> MAY_USE = Map.ofEntries(
            Map.entry("platform", Set.of()),
            Map.entry("audit", Set.of("platform")),
            Map.entry("credentials", Set.of("platform")),
            Map.entry("identity", Set.of("platform", "audit", "credentials")),
            Map.entry("auth", Set.of("platform", "audit", "credentials", "identity")),
            Map.entry("cluster", Set.of("platform", "audit")),
            Map.entry("gateway", Set.of("platform", "audit", "credentials", "identity", "cluster")),
            Map.entry("join", Set.of("platform", "audit", "credentials", "identity", "cluster")),
            Map.entry("access", Set.of("platform", "audit", "cluster")),
            Map.entry("directory", Set.of("platform", "access")),
            Map.entry("transfer", Set.of()),
            Map.entry("ldap", Set.of("platform", "audit", "credentials", "identity", "directory")));

    private static final JavaClasses CLASSES =
            new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests()).importPackages(HOUSE);

    static Stream<String> rooms() {
        return MAY_USE.keySet().stream().sorted();
    }

    @ParameterizedTest
    @MethodSource("rooms")
    void aRoomUsesOnlyTheRoomsItMay(String room) {
        var open = Stream.concat(Stream.of(room), MAY_USE.get(room).stream()).map(ArchitectureTest::packageOf).toArray(String[]::new);
        noClasses().that().resideInAPackage(packageOf(room))
                .should().dependOnClassesThat(resideInAnyPackage(HOUSE + "..").and(resideOutsideOfPackages(open)))
                .check(CLASSES);
    }

    @Test
    void everyPackageBelongsToARoom() {
        var rooms = Stream.concat(Stream.of(HOUSE), rooms().map(ArchitectureTest::packageOf)).toArray(String[]::new);
        classes().should().resideInAnyPackage(rooms).check(CLASSES);
    }

    @Test
    void roomsFormNoCycle() {
        slices().matching(HOUSE + ".(*)..").should().beFreeOfCycles().check(CLASSES);
    }

    @Test
    void theWireKnowsNoSql() {
        noClasses().that().resideInAPackage(packageOf("ldap")).should().dependOnClassesThat().resideInAnyPackage(SQL).check(CLASSES);
    }

    @Test
    void checkingSecretsKnowsNeitherSqlNorProtocols() {
        noClasses().that().resideInAPackage(packageOf("credentials")).should().dependOnClassesThat().resideInAnyPackage(SQL)
                .orShould().dependOnClassesThat().resideInAnyPackage("io.micronaut.http..", "com.unboundid..")
                .check(CLASSES);
    }

    @Test
    void onlyTheReaderOfTheDirectoryQueriesTheDatabase() {
        noClasses().that().resideInAPackage(packageOf("directory")).and().haveNameNotMatching(".*\\.\\$?DirectoryReader.*")
                .should().dependOnClassesThat().resideInAnyPackage(SQL).check(CLASSES);
    }

    @Test
    void onlyTheDirectoryItsWireAndItsFilesKnowLdap() {
        noClasses().that().resideOutsideOfPackages(packageOf("ldap"), packageOf("directory"), packageOf("transfer"))
                .should().dependOnClassesThat().resideInAnyPackage("com.unboundid..")
                .check(CLASSES);
    }

    @Test
    void onlyPlatformKnowsHowTheDatabaseIsReached() {
        noClasses().that().resideOutsideOfPackages(packageOf("platform"))
                .should().dependOnClassesThat().resideInAnyPackage("com.zaxxer..", "org.flywaydb..", "io.zonky..")
                .check(CLASSES);
    }

    @Test
    void outsideOfPlatformOnlyTheMetersOfARoomKnowWhatCounts() {
        noClasses().that().resideOutsideOfPackages(packageOf("platform")).and().haveNameNotMatching(".*\\.\\$?[A-Za-z]+Meters(\\$.*)?")
                .should().dependOnClassesThat().resideInAnyPackage("io.micrometer..", "io.prometheus..").check(CLASSES);
    }

    @Test
    void thereAreClassesInEveryRoom() {
        assertThat(rooms()).allSatisfy(room ->
                assertThat(CLASSES.stream().anyMatch(type -> (type.getPackageName() + ".").startsWith(HOUSE + "." + room + "."))).isTrue());
    }

    private static String packageOf(String room) {
        return HOUSE + "." + room + "..";
    }
}
