package io.gatehouse.directory;

import static org.assertj.core.api.Assertions.assertThat;

import com.unboundid.ldap.sdk.Entry;
import com.unboundid.ldap.sdk.schema.AttributeSyntaxDefinition;
import com.unboundid.ldap.sdk.schema.AttributeTypeDefinition;
import com.unboundid.ldap.sdk.schema.AttributeUsage;
import com.unboundid.ldap.sdk.schema.MatchingRuleDefinition;
import com.unboundid.ldap.sdk.schema.ObjectClassDefinition;
import com.unboundid.ldap.sdk.schema.ObjectClassType;
import com.unboundid.ldap.sdk.schema.Schema;
import com.unboundid.ldif.LDIFReader;
import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The files of {@code ldap-schema}, read one value at a time, since the SDK's schema hides duplicates. */
class SchemaFilesTest {

    private static final String NUMERIC_OID = "[0-2](\\.(0|[1-9][0-9]*))+";

    private static List<SchemaFile> files;

    @BeforeAll
    static void readFiles() throws Exception {
        files = new ArrayList<>();
        try (Stream<Path> paths = Files.list(Path.of("ldap-schema"))) {
            for (Path path : paths.sorted().toList()) {
                files.add(SchemaFile.read(path));
            }
        }
    }

    @Test
    void theSdkReadsEveryDefinitionOfEveryFile() throws Exception {
        List<File> paths = files.stream().map(file -> file.path().toFile()).toList();

        Schema schema = Schema.getSchema(paths, true);

        assertThat(schema.getAttributeSyntaxes()).hasSize(all(SchemaFile::syntaxes).size());
        assertThat(schema.getMatchingRules()).hasSize(all(SchemaFile::matchingRules).size());
        assertThat(schema.getAttributeTypes()).hasSize(all(SchemaFile::attributeTypes).size());
        assertThat(schema.getObjectClasses()).hasSize(all(SchemaFile::objectClasses).size());
    }

    @Test
    void everyFileNamesItsSourceDocumentInItsHeader() {
        assertThat(files).isNotEmpty().allSatisfy(file ->
                assertThat(file.header()).containsPattern("Sources?:\\s+\\S")
                        .containsPattern("RFC \\d+|draft-\\S+|openssh-lpk|sudoers\\.ldap|\\[MS-"));
    }

    @Test
    void everyFileNamesTheSubschemaSubentry() {
        assertThat(files).allSatisfy(file -> assertThat(file.entry().getDN()).isEqualTo("cn=schema"));
    }

    @Test
    void everyOidIsNumericAndUsedOnce() {
        List<String> oids = Stream.of(
                        all(SchemaFile::syntaxes).stream().map(AttributeSyntaxDefinition::getOID),
                        all(SchemaFile::matchingRules).stream().map(MatchingRuleDefinition::getOID),
                        all(SchemaFile::attributeTypes).stream().map(AttributeTypeDefinition::getOID),
                        all(SchemaFile::objectClasses).stream().map(ObjectClassDefinition::getOID))
                .flatMap(oid -> oid).toList();

        assertThat(oids).doesNotHaveDuplicates().allMatch(oid -> oid.matches(NUMERIC_OID));
    }

    @Test
    void everyNameIsUsedOnceAmongItsKind() {
        assertThat(all(SchemaFile::matchingRules).stream().flatMap(rule -> lowerCase(rule.getNames())))
                .doesNotHaveDuplicates();
        assertThat(all(SchemaFile::attributeTypes).stream().flatMap(type -> lowerCase(type.getNames())))
                .doesNotHaveDuplicates();
        assertThat(all(SchemaFile::objectClasses).stream().flatMap(type -> lowerCase(type.getNames())))
                .doesNotHaveDuplicates();
    }

    @Test
    void everythingReferredToIsDefinedBefore() {
        Set<String> syntaxes = new HashSet<>();
        Set<String> rules = new HashSet<>();
        Set<String> attributes = new HashSet<>();
        Set<String> classes = new HashSet<>();
        List<String> undefined = new ArrayList<>();
        for (SchemaFile file : files) {
            file.syntaxes().forEach(syntax -> syntaxes.add(syntax.getOID()));
            for (MatchingRuleDefinition rule : file.matchingRules()) {
                missing(syntaxes, rule.getSyntaxOID()).map(it -> rule + " refers to " + it).forEach(undefined::add);
                lowerCase(rule.getNames()).forEach(rules::add);
            }
            for (AttributeTypeDefinition type : file.attributeTypes()) {
                Stream.of(
                                missing(attributes, type.getSuperiorType()),
                                missing(syntaxes, type.getBaseSyntaxOID()),
                                missing(rules, type.getEqualityMatchingRule(), type.getOrderingMatchingRule(),
                                        type.getSubstringMatchingRule()))
                        .flatMap(it -> it).map(it -> type + " refers to " + it).forEach(undefined::add);
                lowerCase(type.getNames()).forEach(attributes::add);
            }
            for (ObjectClassDefinition type : file.objectClasses()) {
                Stream.of(
                                missing(classes, type.getSuperiorClasses()),
                                missing(attributes, type.getRequiredAttributes()),
                                missing(attributes, type.getOptionalAttributes()))
                        .flatMap(it -> it).map(it -> type + " refers to " + it).forEach(undefined::add);
                lowerCase(type.getNames()).forEach(classes::add);
            }
        }

        assertThat(undefined).isEmpty();
    }

    @Test
    void everyAttributeTypeHasASupertypeOrASyntax() {
        assertThat(all(SchemaFile::attributeTypes))
                .allMatch(type -> type.getSuperiorType() != null || type.getSyntaxOID() != null);
    }

    /** RFC 4512 section 2.5.1: NO-USER-MODIFICATION is for operational attributes only. */
    @Test
    void onlyOperationalAttributesAreBeyondTheReachOfUsers() {
        assertThat(all(SchemaFile::attributeTypes)).filteredOn(AttributeTypeDefinition::isNoUserModification)
                .isNotEmpty().noneMatch(type -> type.getUsage() == AttributeUsage.USER_APPLICATIONS);
    }

    @Test
    void matchingRulesFitTheKindOfComparisonTheyAreUsedFor() {
        assertThat(all(SchemaFile::attributeTypes)).allSatisfy(type -> {
            assertThat(name(type.getOrderingMatchingRule())).matches("|.*OrderingMatch");
            assertThat(name(type.getSubstringMatchingRule())).matches("|.*SubstringsMatch");
            assertThat(name(type.getEqualityMatchingRule())).doesNotMatch(".*(Ordering|Substrings)Match");
        });
    }

    /** RFC 4512 section 2.4: what a class derives from is of its own kind or abstract. */
    @Test
    void classesDeriveFromClassesOfTheirKind() throws Exception {
        Schema schema = Schema.getSchema(files.stream().map(file -> file.path().toFile()).toList());

        assertThat(schema.getObjectClasses()).allSatisfy(type -> {
            ObjectClassType kind = type.getObjectClassType(schema);
            assertThat(type.getSuperiorClasses(schema, false))
                    .allMatch(it -> it.getObjectClassType(schema) == ObjectClassType.ABSTRACT
                            || it.getObjectClassType(schema) == kind);
        });
    }

    /** What lets one entry serve rfc2307 and rfc2307bis clients alike. */
    @Test
    void aGroupMayBeEmptyAndCarryBothKindsOfMembers() throws Exception {
        Schema schema = Schema.getSchema(files.stream().map(file -> file.path().toFile()).toList());

        ObjectClassDefinition posixGroup = schema.getObjectClass("posixGroup");
        ObjectClassDefinition groupOfMembers = schema.getObjectClass("groupOfMembers");

        assertThat(posixGroup.getObjectClassType(schema)).isEqualTo(ObjectClassType.AUXILIARY);
        assertThat(posixGroup.getOptionalAttributes()).contains("memberUid");
        assertThat(groupOfMembers.getObjectClassType(schema)).isEqualTo(ObjectClassType.STRUCTURAL);
        assertThat(groupOfMembers.getOptionalAttributes()).contains("member");
    }

    private static <T> List<T> all(Function<SchemaFile, List<T>> definitions) {
        return files.stream().map(definitions).flatMap(List::stream).toList();
    }

    private static Stream<String> missing(Set<String> defined, String... references) {
        return Stream.of(references).filter(Objects::nonNull)
                .filter(it -> !defined.contains(it.toLowerCase(Locale.ROOT)));
    }

    private static Stream<String> lowerCase(String[] names) {
        return Stream.of(names).map(name -> name.toLowerCase(Locale.ROOT));
    }

    private static String name(String rule) {
        return rule == null ? "" : rule;
    }

    private record SchemaFile(
            Path path,
            String header,
            Entry entry,
            List<AttributeSyntaxDefinition> syntaxes,
            List<MatchingRuleDefinition> matchingRules,
            List<AttributeTypeDefinition> attributeTypes,
            List<ObjectClassDefinition> objectClasses) {

        static SchemaFile read(Path path) throws Exception {
            String header = String.join("\n",
                    Files.readAllLines(path).stream().takeWhile(line -> line.startsWith("#")).toList());
            Entry entry = onlyEntry(path);
            return new SchemaFile(path, header, entry,
                    definitions(entry, "ldapSyntaxes", AttributeSyntaxDefinition::new),
                    definitions(entry, "matchingRules", MatchingRuleDefinition::new),
                    definitions(entry, "attributeTypes", AttributeTypeDefinition::new),
                    definitions(entry, "objectClasses", ObjectClassDefinition::new));
        }

        private static Entry onlyEntry(Path path) throws Exception {
            try (LDIFReader reader = new LDIFReader(path.toFile())) {
                Entry entry = reader.readEntry();
                assertThat(entry).as("%s", path).isNotNull();
                assertThat(reader.readEntry()).as("second entry of %s", path).isNull();
                return entry;
            }
        }

        private static <T> List<T> definitions(Entry entry, String attribute, Parser<T> parser) throws Exception {
            List<T> definitions = new ArrayList<>();
            if (entry.hasAttribute(attribute)) {
                for (String value : entry.getAttributeValues(attribute)) {
                    definitions.add(parser.parse(value));
                }
            }
            return definitions;
        }

        @Override
        public String toString() {
            return path.toString();
        }
    }

    private interface Parser<T> {
        T parse(String definition) throws Exception;
    }
}
