package io.gatehouse;

import io.gatehouse.platform.StartupFailure;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.context.annotation.Property;
import io.micronaut.core.type.Argument;
import io.micronaut.inject.qualifiers.Qualifiers;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Looks at the configured values: one that is not of its setting's type would give way to the default without a word. */
final class Settings {

    private static final Set<String> TRUTH = Set.of("true", "false");

    /** What the launcher, the commands that are clients, and {@code application.yml} read. */
    private static final Set<String> READ_ELSEWHERE = Set.of("GATEHOUSE_HOME", "GATEHOUSE_JAVA_OPTS", "GATEHOUSE_URL", "GATEHOUSE_TOKEN",
            "GATEHOUSE_HTTP_HOST", "GATEHOUSE_HTTP_PORT", "GATEHOUSE_LDAPS_PORT");

    private Settings() {
    }

    /** @throws StartupFailure if a value cannot be what it should be */
    static void check(ApplicationContext context) {
        all(context).forEach((name, setting) -> check(context, name, setting));
    }

    /** Names of environment variables that are read. */
    static Set<String> variables(ApplicationContext context) {
        return Stream.concat(all(context).keySet().stream().map(Settings::variable), READ_ELSEWHERE.stream()).collect(Collectors.toSet());
    }

    private static Map<String, Argument<?>> all(ApplicationContext context) {
        var all = new TreeMap<String, Argument<?>>();
        for (var definition : context.getBeanDefinitions(Qualifiers.byStereotype(ConfigurationProperties.class))) {
            if (definition.getBeanType().getPackageName().startsWith(Settings.class.getPackageName())) {
                for (var setting : definition.getConstructor().getArguments()) {
                    setting.getAnnotationMetadata().stringValue(Property.class, "name").ifPresent(name -> all.put(name, setting));
                }
            }
        }
        return all;
    }

    private static void check(ApplicationContext context, String name, Argument<?> setting) {
        var text = context.getProperty(name, String.class);
        if (text.isPresent() && (context.getProperty(name, setting).isEmpty() || setting.getType() == boolean.class && !TRUTH.contains(text.get()))) {
            throw new StartupFailure(variable(name) + " '" + text.get() + "' is not " + kind(setting.getType()) + ".");
        }
    }

    private static String variable(String name) {
        return name.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_");
    }

    private static String kind(Class<?> type) {
        if (type == Duration.class) {
            return "a duration such as 500ms, 30s, 15m or 1h";
        }
        if (type == boolean.class) {
            return "true or false";
        }
        if (type.isEnum()) {
            return "one of " + Stream.of(type.getEnumConstants()).map(constant -> constant.toString().toLowerCase(Locale.ROOT)).collect(Collectors.joining(", "));
        }
        return type == int.class ? "a whole number" : "a " + type.getSimpleName();
    }
}
