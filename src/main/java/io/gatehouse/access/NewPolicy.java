package io.gatehouse.access;

import io.gatehouse.platform.Problem;
import io.gatehouse.platform.http.MergePatch;
import io.gatehouse.platform.http.RequestDocument;
import io.micronaut.core.annotation.Nullable;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.List;

/**
 * What is said of a policy; see {@link ShownPolicy}.
 *
 * @param priority   null: 100
 * @param active     null: yes
 * @param validFrom  a time of RFC 3339; null: since ever
 * @param validUntil a time of RFC 3339; null: for ever
 * @param login      null: yes
 */
@RequestDocument
public record NewPolicy(
        @Schema(requiredMode = Schema.RequiredMode.REQUIRED, maxLength = 64) @Nullable String name,
        @Schema(maxLength = 1024) @Nullable String description,
        @Schema(minimum = "0", maximum = "1000000") @Nullable Integer priority,
        @Schema(requiredMode = Schema.RequiredMode.REQUIRED, allowableValues = {"allow", "deny"}) @Nullable String effect,
        @Nullable Boolean active,
        @Nullable String validFrom,
        @Nullable String validUntil,
        @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable List<PolicyTarget> targets,
        @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable List<PolicyDestination> destinations,
        @Nullable Boolean login,
        @Nullable NewSudo sudo) {

    static final String TARGETS = "targets";
    static final String DESTINATIONS = "destinations";

    /**
     * What was taken along by the deletion of somebody or something may be missing, but not what is said.
     *
     * @throws Problem if the patch names anything else, or leaves nobody or nowhere
     */
    NewPolicy patched(MergePatch patch) {
        var patched = new NewPolicy(
                patch.text("name", name),
                patch.text("description", description),
                patch.integer("priority", priority),
                patch.text("effect", effect),
                patch.names("active") ? Boolean.valueOf(patch.flag("active")) : active,
                patch.text("validFrom", validFrom),
                patch.text("validUntil", validUntil),
                patch.names(TARGETS) ? someone(patch.documents(TARGETS, PolicyTarget.class)) : targets,
                patch.names(DESTINATIONS) ? somewhere(patch.documents(DESTINATIONS, PolicyDestination.class)) : destinations,
                patch.names("login") ? Boolean.valueOf(patch.flag("login")) : login,
                patch.names("sudo") ? patchedSudo(patch.object("sudo")) : sudo);
        patch.end();
        return patched;
    }

    /** @throws Problem if it is about nobody or nowhere */
    NewPolicy complete() {
        someone(targets);
        somewhere(destinations);
        return this;
    }

    private @Nullable NewSudo patchedSudo(@Nullable MergePatch patch) {
        if (patch == null) {
            return null;
        }
        return (sudo == null ? new NewSudo(null, null, null) : sudo).patched(patch);
    }

    private static List<PolicyTarget> someone(@Nullable List<PolicyTarget> targets) {
        if (targets == null || targets.isEmpty()) {
            throw Problem.invalidSecret(TARGETS, "At least one target is needed; the group ldapusers is everybody.");
        }
        return targets;
    }

    private static List<PolicyDestination> somewhere(@Nullable List<PolicyDestination> destinations) {
        if (destinations == null || destinations.isEmpty()) {
            throw Problem.invalidSecret(DESTINATIONS, "At least one destination is needed; the network 0.0.0.0/0 is everywhere.");
        }
        return destinations;
    }
}
