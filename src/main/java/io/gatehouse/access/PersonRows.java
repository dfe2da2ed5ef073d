package io.gatehouse.access;

import jakarta.inject.Singleton;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;

/** Reads people and their groups. */
@Singleton
final class PersonRows {

    private record Account(int uidNumber, boolean active, List<Integer> direct) {
    }

    private record Nesting(int inner, int outer) {
    }

    Optional<Person> find(Handle handle, String username) {
        return handle.createQuery("""
                        select uid_number, status = 'active' as active,
                               array(select gid_number from memberships join groups using (gid_number)
                                     where memberships.uid_number = users.uid_number order by cn) as direct
                        from users where username = :username""")
                .bind("username", username)
                .map((row, context) -> new Account(row.getInt("uid_number"), row.getBoolean("active"),
                        Arrays.asList((Integer[]) row.getArray("direct").getArray())))
                .findOne()
                .map(account -> new Person(account.uidNumber(), username, account.active(), groups(handle, account.direct()), account.direct(),
                        nestings(handle, account.direct())));
    }

    private static Map<Integer, String> groups(Handle handle, List<Integer> direct) {
        var names = new LinkedHashMap<Integer, String>();
        handle.createQuery("select gid_number, cn from groups where gid_number in (select groups_above(:direct))")
                .bindArray("direct", Integer.class, direct.toArray())
                .map((row, context) -> names.put(row.getInt("gid_number"), row.getString("cn")))
                .list();
        return names;
    }

    private static Map<Integer, List<Integer>> nestings(Handle handle, List<Integer> direct) {
        return handle.createQuery("""
                        select n.member_gid_number, n.gid_number from group_nestings n join groups g on g.gid_number = n.gid_number
                        where n.member_gid_number in (select groups_above(:direct)) order by g.cn""")
                .bindArray("direct", Integer.class, direct.toArray())
                .map((row, context) -> new Nesting(row.getInt("member_gid_number"), row.getInt("gid_number")))
                .list().stream()
                .collect(Collectors.groupingBy(Nesting::inner, Collectors.mapping(Nesting::outer, Collectors.toList())));
    }
}
