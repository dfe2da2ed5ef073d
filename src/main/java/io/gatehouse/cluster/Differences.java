package io.gatehouse.cluster;

import io.gatehouse.audit.AuditEvent;
import java.util.LinkedHashSet;
import java.util.Map;

/** What is different about a thing, for the audit log. */
public final class Differences {

    private Differences() {
    }

    /**
     * The same event, with the fields that changed.
     *
     * @param before empty for what was created
     * @param after  empty for what was deleted
     */
    public static AuditEvent add(AuditEvent event, Map<String, ?> before, Map<String, ?> after) {
        var fields = new LinkedHashSet<String>(before.keySet());
        fields.addAll(after.keySet());
        for (var field : fields) {
            event = event.changed(field, before.get(field), after.get(field));
        }
        return event;
    }
}
