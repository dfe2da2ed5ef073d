package io.gatehouse.auth;

import io.gatehouse.platform.http.Role;
import java.util.List;

/** What people may do, by the database's present state. */
final class Rights {

    /** SQL: whether the user {@code u} is an administrator. */
    static final String ADMINISTRATOR = """
            exists (select from memberships m where m.uid_number = u.uid_number and m.gid_number in (select gid_number from administering_groups))""";

    /** SQL: whether the user {@code u} has a second factor. */
    static final String SECOND_FACTOR = "exists (select from totp_factors t where t.uid_number = u.uid_number and t.confirmed_at is not null)";

    private Rights() {
    }

    static List<String> roles(boolean administrator) {
        return administrator ? List.of(Role.ADMINISTRATOR, Role.USER) : List.of(Role.USER);
    }
}
