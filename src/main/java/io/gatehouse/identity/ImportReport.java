package io.gatehouse.identity;

import io.micronaut.serde.annotation.Serdeable;
import java.util.List;

/**
 * What an import did or would do. One refusal is enough that it does nothing.
 *
 * @param applied whether it was done
 */
@Serdeable
record ImportReport(boolean dryRun, boolean applied, int changes, int refusals, List<Line> lines) {

    /**
     * @param outcome what happens to it: {@code create}, {@code add-member}, {@code add-group} or {@code refuse}
     * @param target  to whom or what, as the audit log names it
     * @param detail  who becomes a member, which group is put into it, or why it is refused; of a new one, its number if that is kept, and what it brings
     */
    @Serdeable
    record Line(String outcome, String target, String detail) {
    }

    static final String CREATE = "create";
    static final String ADD_MEMBER = "add-member";
    static final String ADD_GROUP = "add-group";
    static final String REFUSE = "refuse";
}
