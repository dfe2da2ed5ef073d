package io.gatehouse.auth;

import io.gatehouse.platform.AccessLimits;
import io.gatehouse.platform.Problem;
import io.gatehouse.platform.http.MergePatch;
import io.gatehouse.platform.http.Scope;
import io.micronaut.core.annotation.Nullable;
import java.time.Instant;
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

    /** @throws Problem if something of it breaks a rule */
    static ApiKeyTerms of(NewApiKey wish, AuthConfiguration limits, Instant now) {
        return new ApiKeyTerms(
                description(wish.description()),
                scopes(wish.scopes()),
                AccessLimits.expiry(wish.expiresAt(), now),
                AccessLimits.networks(wish.allowedNetworks()),
                rate(wish.rateLimit(), limits));
    }

    /** @throws Problem if it names anything else, or something of it breaks a rule */
    ApiKeyTerms with(MergePatch patch, AuthConfiguration limits, Instant now) {
        var changed = new ApiKeyTerms(
                patch.names("description") ? description(patch.text("description")) : description,
                patch.names("scopes") ? scopes(patch.texts("scopes")) : scopes,
                patch.names("expiresAt") ? AccessLimits.expiry(patch.text("expiresAt"), now) : expiresAt,
                patch.names("allowedNetworks") ? AccessLimits.networks(patch.texts("allowedNetworks")) : allowedNetworks,
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

    private static int rate(@Nullable Integer wish, AuthConfiguration limits) {
        int rate = Objects.requireNonNullElse(wish, limits.apiKeyRateLimit());
        if (rate < 1 || rate > limits.apiKeyMaxRateLimit()) {
            throw Problem.invalid("rateLimit", rate, "1 to " + limits.apiKeyMaxRateLimit() + " requests a minute are possible.");
        }
        return rate;
    }
}
