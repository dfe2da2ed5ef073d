package io.gatehouse.access;

import io.micronaut.core.annotation.Nullable;
import io.micronaut.serde.annotation.Serdeable;
import io.swagger.v3.oas.annotations.media.Schema;
import java.time.Instant;
import java.util.List;

/**
 * Whether somebody may log in on a container, and why.
 *
 * @param decidedBy the last step
 * @param chain     the rules that count on the container, in the order in which they are asked, up to the one that decides; who is no
 *                  administrator is shown only those that include the person
 * @param sudo      what policies say the person may run there; nothing if the person may not log in
 */
@Serdeable
public record AccessDecision(String user, String container, Instant at, Effect decision, Step decidedBy, List<Step> chain, List<SudoGrant> sudo) {

    /**
     * A rule that was asked.
     *
     * @param policy      null if it is none of a policy
     * @param includes    whether it is about the person
     * @param subject     how it includes the person, such as user:bob, group:devs, group:engineers: devs is in engineers
     * @param destination how it covers the container, such as site:berlin, node:pve1, container:web1
     */
    @Serdeable
    public record Step(
            @Schema(allowableValues = {"policy", "administrator", "owner", "collaborator", "open", "nothing-allows", "not-active"}) String rule,
            @Nullable Named policy, Effect effect, boolean includes, List<String> subject, List<String> destination) {
    }

    /** A policy. */
    @Serdeable
    public record Named(int id, String name, int priority) {

        static Named of(Policy policy) {
            return new Named(policy.id(), policy.name(), policy.priority());
        }
    }

    /** What a policy lets the person run there, or forbids to. */
    @Serdeable
    public record SudoGrant(Named policy, Effect effect, List<String> commands, List<String> runAs, boolean authenticate) {
    }
}
