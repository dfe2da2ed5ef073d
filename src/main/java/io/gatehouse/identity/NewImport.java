package io.gatehouse.identity;

import io.gatehouse.platform.http.RequestDocument;
import io.micronaut.core.annotation.Nullable;
import java.util.List;

/**
 * People and groups of another system, who come in together or not at all.
 *
 * @param dryRun whether nothing shall be changed, but told what would be
 * @param groups those that there are already get further members
 */
@RequestDocument
record NewImport(@Nullable Boolean dryRun, @Nullable List<ImportedUser> users, @Nullable List<ImportedGroup> groups) {

    /** Without the hashes of the users. */
    @Override
    public String toString() {
        return "NewImport[dryRun=" + dryRun + "]";
    }
}
