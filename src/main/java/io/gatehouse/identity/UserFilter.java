package io.gatehouse.identity;

import io.micronaut.core.annotation.Nullable;

/**
 * Which users a list shows; what is null does not matter.
 *
 * @param group one that they are members of
 */
public record UserFilter(@Nullable UserStatus status, @Nullable String mail, @Nullable Integer uidNumber, @Nullable String group) {

    /** Everybody. */
    public static final UserFilter NONE = new UserFilter(null, null, null, null);

    /** @throws io.gatehouse.platform.Problem if there is no such status */
    static UserFilter of(@Nullable String status, @Nullable String mail, @Nullable Integer uidNumber, @Nullable String group) {
        return new UserFilter(status == null ? null : UserStatus.parse(status), mail, uidNumber, group);
    }
}
