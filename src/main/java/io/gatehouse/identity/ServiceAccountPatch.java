package io.gatehouse.identity;

import io.gatehouse.platform.http.MergePatch;
import io.micronaut.core.annotation.Nullable;
import java.util.Optional;

/**
 * What shall be different about a service account; what is null stays.
 *
 * @param description      empty for none
 * @param ldapSecondFactor empty to leave it to the groups
 */
public record ServiceAccountPatch(@Nullable Optional<String> description, @Nullable Optional<LdapSecondFactor> ldapSecondFactor) {

    /** @throws io.gatehouse.platform.Problem if it names anything else */
    static ServiceAccountPatch of(MergePatch members) {
        var patch = new ServiceAccountPatch(
                members.names("description") ? Optional.ofNullable(members.text("description")) : null,
                members.names(LdapSecondFactor.FIELD)
                        ? Optional.ofNullable(LdapSecondFactor.parse(members.text(LdapSecondFactor.FIELD))) : null);
        members.end();
        return patch;
    }
}
