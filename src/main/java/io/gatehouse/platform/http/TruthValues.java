package io.gatehouse.platform.http;

import io.micronaut.core.convert.ConversionContext;
import io.micronaut.core.convert.TypeConverter;
import jakarta.inject.Singleton;
import java.util.Locale;
import java.util.Optional;

/** Reads parameters that are true or false; by the framework alone, whatever is not true would be false. */
@Singleton
final class TruthValues implements TypeConverter<CharSequence, Boolean> {

    @Override
    public Optional<Boolean> convert(CharSequence text, Class<Boolean> type, ConversionContext context) {
        return switch (text.toString().toLowerCase(Locale.ROOT)) {
            case "true", "yes", "on" -> Optional.of(true);
            case "false", "no", "off" -> Optional.of(false);
            default -> {
                context.reject(text, new IllegalArgumentException("It is neither true nor false."));
                yield Optional.empty();
            }
        };
    }
}
