package io.gatehouse.auth;

import io.gatehouse.platform.Network;
import io.gatehouse.platform.Problem;
import io.gatehouse.platform.http.MergePatch;
import io.gatehouse.platform.http.Scope;
import io.micronaut.core.annotation.Nullable;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What an API key is good for, as its owner says.
 *
 * @param rateLimit requests a minute
 */
record ApiKeyTerms(String description, List<String> scopes, @Nullable Instant expiresAt, List<String> allowedNetworks, int rateLimit) {

    private static final List<String> SCOPES = Scope.AREAS.stream().flatMap(area -> Stream.of(area + ":read", area + ":write")).toList();
    private static final int LONGEST_DESCRIPTION = 1024;
    /** Words on one line, without half a surrogate pair. */
    private static final Pattern DESCRIPTION =
            Pattern.compile("(?=.*\\S)[^\\p{Cntrl}\\p{Cs}\\x{85}\\x{2028}\\x{2029}]{1," + LONGEST_DESCRIPTION + "}");
    private static final int MAX_NETWORKS = 64;
    private static final int LAST_YEAR = 9999;

    /** @throws Problem if something of it breaks a rule */
    static ApiKeyTerms of(NewApiKey wish, AuthConfiguration limits, Instant now) {
        return new ApiKeyTerms(
                description(wish.description()),
                scopes(wish.scopes()),
                expiry(wish.expiresAt(), now),
                networks(wish.allowedNetworks()),
                rate(wish.rateLimit(), limits));
    }

    /** @throws Problem if it names anything else, or something of it breaks a rule */
    ApiKeyTerms with(MergePatch patch, AuthConfiguration limits, Instant now) {
        var changed = new ApiKeyTerms(
                patch.names("description") ? description(patch.text("description")) : description,
                patch.names("scopes") ? scopes(patch.texts("scopes")) : scopes,
                patch.names("expiresAt") ? expiry(patch.text("expiresAt"), now) : expiresAt,
                patch.names("allowedNetworks") ? networks(patch.texts("allowedNetworks")) : allowedNetworks,
                patch.names("rateLimit") ? rate(patch.integer("rateLimit"), limits) : rateLimit);
        patch.end();
        return changed;
    }

    private static String description(@Nullable String text) {
        if (text == null) {
            throw Problem.invalidSecret("description", "A value is needed.");
        }
        if (!DESCRIPTION.matcher(text).matches()) {
            throw Problem.invalid("description", text, "1 to " + LONGEST_DESCRIPTION + " characters on one line are needed.");
        }
        return text;
    }

    private static List<String> scopes(@Nullable List<String> wanted) {
        if (wanted == null || wanted.isEmpty()) {
            throw Problem.invalidSecret("scopes", "At least one scope is needed, of " + String.join(", ", SCOPES) + ".");
        }
        wanted.stream().filter(scope -> !SCOPES.contains(scope)).findFirst().ifPresent(unknown -> {
            throw Problem.invalid("scopes", unknown, "There is no such scope; there are " + String.join(", ", SCOPES) + ".");
        });
        return SCOPES.stream().filter(wanted::contains).toList();
    }

    private static @Nullable Instant expiry(@Nullable String text, Instant now) {
        if (text == null) {
            return null;
        }
        var expiry = time(text);
        if (expiry == null) {
            throw Problem.invalid("expiresAt", text, "A time of RFC 3339 is needed, such as 2030-01-31T12:00:00Z.");
        }
        if (!expiry.isAfter(now)) {
            throw Problem.invalid("expiresAt", text, "The time must be in the future.");
        }
        return expiry;
    }

    private static @Nullable Instant time(String text) {
        try {
            var time = OffsetDateTime.parse(text);
            return time.getYear() > LAST_YEAR ? null : time.toInstant().truncatedTo(ChronoUnit.MICROS);
        } catch (DateTimeException e) {
            return null;
        }
    }

    private static List<String> networks(@Nullable List<String> texts) {
        if (texts == null) {
            return List.of();
        }
        if (texts.size() > MAX_NETWORKS) {
            throw Problem.invalidSecret("allowedNetworks", "At most " + MAX_NETWORKS + " networks are possible.");
        }
        return texts.stream().map(ApiKeyTerms::network).distinct().toList();
    }

    private static String network(String text) {
        try {
            return Network.parse(text).toString();
        } catch (IllegalArgumentException e) {
            throw Problem.invalid("allowedNetworks", text, e.getMessage());
        }
    }

    private static int rate(@Nullable Integer wish, AuthConfiguration limits) {
        int rate = Objects.requireNonNullElse(wish, limits.apiKeyRateLimit());
        if (rate < 1 || rate > limits.apiKeyMaxRateLimit()) {
            throw Problem.invalid("rateLimit", rate, "1 to " + limits.apiKeyMaxRateLimit() + " requests a minute are possible.");
        }
        return rate;
    }
}
