package io.gatehouse.identity;

import io.micronaut.core.annotation.Nullable;
import io.micronaut.serde.annotation.Serdeable;

/**
 * An invitation on its way.
 *
 * @param delivery {@code mail}, or {@code link} where this server sends no mail: then the caller passes the link on
 * @param link     told this once; null if it goes by mail
 */
@Serdeable
public record SentInvitation(Invitation invitation, String delivery, @Nullable String link) {

    /** Without the link. */
    @Override
    public String toString() {
        return "SentInvitation[" + invitation.id() + "]";
    }
}
