package io.gatehouse.audit;

import io.gatehouse.platform.RecurringTask;
import jakarta.inject.Singleton;
import java.time.Duration;
import org.jdbi.v3.core.Handle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells the server's log where the chain ends, so that a copy of that log tells when the end has been cut off. */
@Singleton
final class ChainHead implements RecurringTask {

    private static final Logger LOG = LoggerFactory.getLogger(ChainHead.class);

    @Override
    public String name() {
        return "audit-head";
    }

    @Override
    public Duration pause() {
        return Duration.ofDays(1);
    }

    @Override
    public void run(Handle handle) {
        handle.createQuery("select position, encode(hash, 'hex') as hash from audit_seals order by position desc limit 1")
                .map((row, context) -> row.getString("hash") + " at position " + row.getLong("position"))
                .findOne()
                .ifPresent(head -> LOG.info("The head of the audit chain is {}", head));
    }
}
