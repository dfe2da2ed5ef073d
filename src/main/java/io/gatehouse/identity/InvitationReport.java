package io.gatehouse.identity;

import io.micronaut.core.annotation.Nullable;
import io.micronaut.serde.annotation.Serdeable;
import java.util.List;

/** What came of each address, in the order of the request. */
@Serdeable
public record InvitationReport(List<Line> lines) {

    /**
     * @param id       of the invitation; null if it was refused
     * @param delivery {@code mail}, or {@code link} where this server sends no mail: then the caller passes the link on; null if it was refused
     * @param link     told this once; null if it goes by mail
     * @param refusal  why it was refused; null if it was not
     */
    @Serdeable
    public record Line(String mail, @Nullable String id, @Nullable String delivery, @Nullable String link, @Nullable String refusal) {

        static Line of(SentInvitation invited) {
            return new Line(invited.invitation().mail(), invited.invitation().id(), invited.delivery(), invited.link(), null);
        }

        static Line refused(String mail, String refusal) {
            return new Line(mail, null, null, null, refusal);
        }

        /** Without the link. */
        @Override
        public String toString() {
            return "Line[" + mail + "]";
        }
    }
}
