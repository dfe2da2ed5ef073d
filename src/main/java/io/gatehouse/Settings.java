package io.gatehouse;

import io.gatehouse.platform.StartupFailure;
import io.micronaut.context.ApplicationContext;
import io.micronaut.context.annotation.ConfigurationProperties;
import io.micronaut.context.annotation.Property;
import io.micronaut.core.type.Argument;
import io.micronaut.inject.qualifiers.Qualifiers;
import java.time.Duration;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Looks at the configured values: one that is not of its setting's type would give way to the default without a word. */
final class Settings {

    private static final Set<String> TRUTH = Set.of("true", "false");

    private Settings() {
    }

    /** @throws StartupFailure if a value cannot be what it should be */
    static void check(ApplicationContext context) {
        for (var definition : context.getBeanDefinitions(Qualifiers.byStereotype(ConfigurationProperties.class))) {
            if (definition.getBeanType().getPackageName().startsWith(Settings.class.getPackageName())) {
                for (var setting : definition.getConstructor().getArguments()) {
                    setting.getAnnotationMetadata().stringValue(Property.class, "name").ifPresent(name -> check(context, name, setting));
                }
            }
        }
    }

    private static void check(ApplicationContext context, String name, Argument<?> setting) {
        var text = context.getProperty(name, String.class);
        if (text.isPresent() && (context.getProperty(name, setting).isEmpty() || setting.getType() == boolean.class && !TRUTH.contains(text.get()))) {
            throw new StartupFailure(name.toUpperCase(Locale.ROOT).replaceAll("[.-]", "_") + " '" + text.get() + "' is not " + kind(setting.getType()) + ".");
        }
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
