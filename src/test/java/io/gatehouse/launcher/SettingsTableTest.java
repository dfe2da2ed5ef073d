package io.gatehouse.launcher;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.core.bind.annotation.Bindable;
import io.micronaut.core.naming.NameUtils;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** The README's table of settings against the settings that there are. */
class SettingsTableTest {

    /** Read elsewhere than in a record of settings. */
    private static final Set<String> OTHERS = Set.of("GATEHOUSE_HTTP_PORT", "GATEHOUSE_HTTP_HOST", "GATEHOUSE_JAVA_OPTS", "JAVA_HOME");
    /** application.yml gives this one the name that goes with its siblings. */
    private static final String LDAPS_PORT = "GATEHOUSE_LDAP_LDAPS_PORT";

    /** @param defaultValue null: none */
    record Setting(String variable, String defaultValue) {

        static Setting of(String prefix, RecordComponent component, Bindable binding) {
            var variable = (prefix + "." + NameUtils.hyphenate(component.getName())).toUpperCase(Locale.ROOT).replaceAll("[.-]", "_");
            return new Setting(variable.equals(LDAPS_PORT) ? "GATEHOUSE_LDAPS_PORT" : variable, binding == null ? null : binding.defaultValue());
        }
    }

    private static final Readme README = Readme.read();
    private static final List<Setting> SETTINGS = find();

    static List<Setting> settings() {
        return SETTINGS;
    }

    private static List<Setting> find() {
        return new ClassFileImporter().withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("io.gatehouse").stream()
                .filter(type -> type.isAnnotatedWith(ConfigurationProperties.class))
                .map(JavaClass::reflect)
                .flatMap(SettingsTableTest::settingsOf)
                .toList();
    }

    private static Stream<Setting> settingsOf(Class<?> type) {
        var prefix = type.getAnnotation(ConfigurationProperties.class).value();
        var constructor = type.getDeclaredConstructors()[0];
        return Stream.iterate(0, i -> i + 1).limit(type.getRecordComponents().length)
                .map(i -> Setting.of(prefix, type.getRecordComponents()[i], constructor.getParameters()[i].getAnnotation(Bindable.class)));
    }

    @ParameterizedTest
    @MethodSource("settings")
    void isInTheTableWithItsDefault(Setting setting) {
        assertThat(README.settings()).filteredOn(row -> row.contains("`" + setting.variable() + "`")).singleElement().asString()
                .satisfies(row -> assertThat(setting.defaultValue() == null || row.contains("| `" + setting.defaultValue() + "`")).isTrue());
    }

    @Test
    void theTableHoldsNothingElse() {
        assertThat(README.settingNames())
                .containsAll(OTHERS)
                .allMatch(name -> OTHERS.contains(name) || SETTINGS.stream().anyMatch(setting -> setting.variable().equals(name)));
    }
}
