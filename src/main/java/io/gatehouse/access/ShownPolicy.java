package io.gatehouse.access;

import com.fasterxml.jackson.annotation.JsonIgnore;
import io.gatehouse.platform.http.Revised;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.serde.annotation.Serdeable;
import java.time.Instant;
import java.util.List;
import java.util.Objects;

/**
 * A policy as the API shows it: who may, or may not, log in where, and what they may run there by sudo.
 *
 * @param priority     the lowest number wins; a denial beats an allowance of the same
 * @param active       whether it is switched on
 * @param validFrom    null: since ever
 * @param validUntil   the first moment at which it does not count any more; null: for ever
 * @param targets      users, and groups with all who are in them at any depth
 * @param destinations sites with all that is on their nodes, nodes with all that is on them, containers, and networks with the
 *                     containers that have an address in them
 * @param login        whether it decides who logs in
 * @param sudo         null if it says nothing of that
 */
@Serdeable
public record ShownPolicy(
        int id,
        String name,
        @Nullable String description,
        int priority,
        Effect effect,
        boolean active,
        @Nullable Instant validFrom,
        @Nullable Instant validUntil,
        List<PolicyTarget> targets,
        List<PolicyDestination> destinations,
        boolean login,
        @Nullable Sudo sudo,
        Instant createdAt,
        Instant updatedAt,
        @JsonIgnore long revision) implements Revised {

    NewPolicy wish() {
        return new NewPolicy(name, description, priority, effect.text(), active, Objects.toString(validFrom, null), Objects.toString(validUntil, null),
                targets, destinations, login, sudo == null ? null : NewSudo.of(sudo));
    }
}
