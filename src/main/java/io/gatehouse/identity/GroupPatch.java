package io.gatehouse.identity;

import io.gatehouse.platform.http.MergePatch;
import io.micronaut.core.annotation.Nullable;
import java.util.Optional;

/**
 * What shall be different about a group; what is null stays.
 *
 * @param description empty for none
 */
public record GroupPatch(@Nullable String cn, @Nullable Optional<String> description, @Nullable Boolean administrator,
                         @Nullable LdapSecondFactor ldapSecondFactor) {

    /** @throws io.gatehouse.platform.Problem if it names anything else */
    static GroupPatch of(MergePatch members) {
        var patch = new GroupPatch(
                members.names("cn") ? Text.required("cn", members.text("cn")) : null,
                members.names("description") ? Optional.ofNullable(members.text("description")) : null,
                members.names("isAdministrator") ? members.flag("isAdministrator") : null,
                members.names(LdapSecondFactor.FIELD) ? LdapSecondFactor.orDefault(members.text(LdapSecondFactor.FIELD)) : null);
        members.end();
        return patch;
    }
}
