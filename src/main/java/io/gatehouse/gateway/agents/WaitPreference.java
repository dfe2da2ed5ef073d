package io.gatehouse.gateway.agents;

import io.micronaut.http.HttpRequest;
import java.time.Duration;
import java.util.Arrays;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How long somebody would wait for an answer: the preference {@code wait} (RFC 7240 section 4.3). */
final class WaitPreference {

    private static final String HEADER = "Prefer";
    /** Whatever stands between them may give up on an answer after a minute. */
    private static final Duration LONGEST = Duration.ofSeconds(50);
    private static final Pattern WAIT = Pattern.compile("wait\\s*=\\s*(\"?)([0-9]{1,9})\\1\\s*(;.*)?", Pattern.CASE_INSENSITIVE);

    private WaitPreference() {
    }

    /** Zero for whoever does not wait. The first counts, if there are several. */
    static Duration of(HttpRequest<?> request) {
        return request.getHeaders().getAll(HEADER).stream()
                .flatMap(header -> Arrays.stream(header.split(",")))
                .map(preference -> WAIT.matcher(preference.strip()))
                .filter(Matcher::matches)
                .findFirst()
                .map(wait -> Duration.ofSeconds(Math.min(LONGEST.toSeconds(), Long.parseLong(wait.group(2)))))
                .orElse(Duration.ZERO);
    }
}
