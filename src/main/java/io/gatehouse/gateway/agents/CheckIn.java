package io.gatehouse.gateway.agents;

import io.gatehouse.cluster.Text;
import io.gatehouse.platform.Printable;
import io.gatehouse.platform.Problem;
import io.gatehouse.platform.http.RequestDocument;
import io.micronaut.core.annotation.Nullable;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * What an agent tells of itself. Texts are cut to what is kept of them: that one is too long is no reason not to hear of the rest.
 *
 * @param host           where the agent runs; it is known by this name
 * @param agentVersion   of the agent's script
 * @param nginxVersion   null: it does not run nginx
 * @param dnsmasqVersion null: it does not run dnsmasq
 * @param applied        the entity tag of the bundle it works with; null: none yet
 * @param result         of the last attempt to apply a bundle: applied or failed
 * @param nginxError     what nginx said to it; null: nothing
 * @param dnsmasqError   what dnsmasq said to it; null: nothing
 * @param leftOut        what is not in service, for it would have kept all else from being applied
 */
@RequestDocument
record CheckIn(
        @Schema(requiredMode = Schema.RequiredMode.REQUIRED, maxLength = 253) @Nullable String host,
        @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable String agentVersion,
        @Nullable String nginxVersion,
        @Nullable String dnsmasqVersion,
        @Nullable String applied,
        @Schema(requiredMode = Schema.RequiredMode.REQUIRED, allowableValues = {"applied", "failed"}) @Nullable String result,
        @Nullable String nginxError,
        @Nullable String dnsmasqError,
        @Nullable List<Omission> leftOut) {

    /**
     * Something that is not in service.
     *
     * @param what   a file of the bundle, or what it is about
     * @param reason in the words of whoever refused it
     */
    @RequestDocument
    record Omission(
            @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable String what,
            @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable String reason) {
    }

    private static final int LONGEST_WORD = 64;
    private static final int LONGEST_WHAT = 200;
    private static final int LONGEST_REASON = 500;
    private static final int LONGEST_ERROR = 4096;
    private static final int MOST_OMISSIONS = 200;
    private static final Pattern HOST = Pattern.compile("[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?");
    private static final Pattern TAG = Pattern.compile("\"?([0-9a-f]{64})\"?");

    /** @throws Problem if something of it breaks a rule */
    Report report() {
        var name = Text.required("host", host).toLowerCase(Locale.ROOT);
        if (!HOST.matcher(name).matches()) {
            throw Problem.invalid("host", host, "A host name is needed: up to 253 letters, digits, hyphens and dots.");
        }
        return new Report(
                name,
                word(Text.required("agentVersion", agentVersion)),
                word(nginxVersion),
                word(dnsmasqVersion),
                tag(),
                failed(),
                lines(nginxError),
                lines(dnsmasqError),
                leftOut == null ? List.of() : leftOut.stream().limit(MOST_OMISSIONS)
                        .map(omission -> new LeftOut(
                                Printable.text(Text.required("leftOut", omission.what()), LONGEST_WHAT),
                                Printable.text(Text.required("leftOut", omission.reason()), LONGEST_REASON)))
                        .toList());
    }

    private boolean failed() {
        return switch (Text.required("result", result)) {
            case "applied" -> false;
            case "failed" -> true;
            default -> throw Problem.invalid("result", result, "The result is applied or failed.");
        };
    }

    private @Nullable String tag() {
        if (applied == null) {
            return null;
        }
        var tag = TAG.matcher(applied);
        if (!tag.matches()) {
            throw Problem.invalid("applied", applied, "The entity tag of a bundle is needed: 64 hexadecimal digits.");
        }
        return tag.group(1);
    }

    private static @Nullable String word(@Nullable String text) {
        return text == null ? null : Printable.text(text, LONGEST_WORD);
    }

    private static @Nullable String lines(@Nullable String text) {
        return text == null || text.isBlank() ? null
                : text.lines().limit(LONGEST_ERROR).map(line -> Printable.text(line.replace('\t', ' '), LONGEST_ERROR))
                        .collect(Collectors.collectingAndThen(Collectors.joining("\n"), all -> all.length() <= LONGEST_ERROR ? all : cut(all)));
    }

    private static String cut(String text) {
        return text.substring(0, Character.isHighSurrogate(text.charAt(LONGEST_ERROR - 1)) ? LONGEST_ERROR - 1 : LONGEST_ERROR);
    }
}
