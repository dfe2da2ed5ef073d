package io.gatehouse.audit;

import io.micronaut.core.annotation.Nullable;

/** What a field was and what it is; null: it had, or has, no value. */
public record Change(@Nullable Object before, @Nullable Object after) {

    private static final String MASK = "***";

    /** Of a secret: that it changed is told, not what it was or is. */
    static final Change MASKED = new Change(MASK, MASK);
}
