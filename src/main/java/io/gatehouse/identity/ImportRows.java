package io.gatehouse.identity;

import io.gatehouse.credentials.SshPublicKey;
import io.gatehouse.identity.ImportPlan.PlannedGroup;
import io.gatehouse.identity.ImportPlan.PlannedMember;
import io.gatehouse.identity.ImportPlan.PlannedNesting;
import io.gatehouse.identity.ImportPlan.PlannedUser;
import io.gatehouse.identity.ImportPlan.Present;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.generic.GenericType;
import org.jdbi.v3.core.statement.SqlStatement;

/** Many users and groups in few statements, since what follows a change is done once a statement. */
@Singleton
final class ImportRows {

    private final int lastNumber;

    ImportRows(IdentityConfiguration configuration) {
        lastNumber = configuration.uidMax();
    }

    /** @param groups whose members are asked for */
    Present present(Handle handle, Collection<String> groups) {
        return new Present(
                numbers(handle, "select username, uid_number from users"),
                set(handle, "select lower(mail) from users where mail is not null", String.class),
                numbers(handle, "select cn, gid_number from groups"),
                new HashSet<>(handle.createQuery("""
                                select u.username || ' ' || g.gid_number from groups g join memberships m using (gid_number) join users u using (uid_number)
                                where g.cn = any (:groups)""")
                        .bindArray("groups", String.class, groups.toArray()).mapTo(String.class).list()),
                handle.createQuery("""
                                select o.cn, i.cn from group_nestings n join groups o using (gid_number) join groups i on i.gid_number = n.member_gid_number""")
                        .map((row, context) -> Map.entry(row.getString(1), row.getString(2)))
                        .collect(Collectors.groupingBy(Map.Entry::getKey, Collectors.mapping(Map.Entry::getValue, Collectors.toSet()))),
                set(handle, "select number from retired_ids where kind = 'uid'", Integer.class),
                set(handle, "select number from retired_ids where kind = 'gid'", Integer.class),
                lastNumber);
    }

    /**
     * Those with numbers of their own first, so that no number which one of them has is given to another.
     *
     * @return gid numbers by name, of all groups
     */
    Map<String, Integer> insertGroups(Handle handle, List<PlannedGroup> groups) {
        var numbered = groups.stream().filter(group -> group.gidNumber() != null).toList();
        var others = groups.stream().filter(group -> group.gidNumber() == null).toList();
        if (!numbered.isEmpty()) {
            bindGroups(handle.createUpdate("""
                            insert into groups (gid_number, cn, description)
                            select * from unnest(:gidNumber, :cn, :description)"""), numbered)
                    .bindArray("gidNumber", Integer.class, column(numbered, PlannedGroup::gidNumber)).execute();
        }
        if (!others.isEmpty()) {
            bindGroups(handle.createUpdate("insert into groups (cn, description) select * from unnest(:cn, :description)"), others).execute();
        }
        return numbers(handle, "select cn, gid_number from groups");
    }

    /** @return uid numbers by name */
    Map<String, Integer> insertUsers(Handle handle, List<PlannedUser> users) {
        insertUsers(handle, users.stream().filter(user -> user.uidNumber() != null).toList(), true);
        insertUsers(handle, users.stream().filter(user -> user.uidNumber() == null).toList(), false);
        insertKeys(handle, users);
        return handle.createQuery("select username, uid_number from users where username = any (:names)")
                .bindArray("names", String.class, column(users, user -> user.account().username()))
                .setMapKeyColumn("username").setMapValueColumn("uid_number").collectInto(new GenericType<Map<String, Integer>>() { });
    }

    void insertMembers(Handle handle, List<PlannedUser> newcomers, List<PlannedMember> members) {
        var usernames = new ArrayList<String>();
        var groups = new ArrayList<String>();
        for (var user : newcomers) {
            usernames.add(user.account().username());
            groups.add(Group.LDAPUSERS);
        }
        for (var member : members) {
            usernames.add(member.username());
            groups.add(member.cn());
        }
        handle.createUpdate("""
                        insert into memberships (uid_number, gid_number)
                        select distinct u.uid_number, g.gid_number
                        from unnest(:usernames, :groups) as m (username, cn) join users u on u.username = m.username join groups g on g.cn = m.cn
                        on conflict do nothing""")
                .bindArray("usernames", String.class, usernames.toArray())
                .bindArray("groups", String.class, groups.toArray())
                .execute();
    }

    void insertNestings(Handle handle, List<PlannedNesting> nestings) {
        if (nestings.isEmpty()) {
            return;
        }
        handle.createUpdate("""
                        insert into group_nestings (gid_number, member_gid_number)
                        select o.gid_number, i.gid_number
                        from unnest(:outer, :inner) as n (outer_cn, inner_cn) join groups o on o.cn = n.outer_cn join groups i on i.cn = n.inner_cn""")
                .bindArray("outer", String.class, column(nestings, PlannedNesting::cn))
                .bindArray("inner", String.class, column(nestings, PlannedNesting::inner))
                .execute();
    }

    private static void insertUsers(Handle handle, List<PlannedUser> users, boolean numbered) {
        if (users.isEmpty()) {
            return;
        }
        var insert = handle.createUpdate("""
                insert into users (<number> gid_number, username, cn, sn, given_name, mail, gecos, home_directory, login_shell, password_hash,
                                   password_changed_at, password_change_required, status)
                select <value> gid_number, username, cn, sn, given_name, mail, gecos, home_directory, login_shell, password_hash,
                       case when password_hash is not null then clock_timestamp() end, password_change_required, status
                from unnest(<array> :gidNumber, :username, :cn, :sn, :givenName, :mail, :gecos, :homeDirectory, :loginShell, :passwordHash,
                            :passwordChangeRequired, :status)
                     as u (<value> gid_number, username, cn, sn, given_name, mail, gecos, home_directory, login_shell, password_hash,
                           password_change_required, status)""")
                .define("number", numbered ? "uid_number," : "").define("value", numbered ? "uid_number," : "")
                .define("array", numbered ? ":uidNumber," : "");
        if (numbered) {
            insert.bindArray("uidNumber", Integer.class, column(users, PlannedUser::uidNumber));
        }
        insert.bindArray("gidNumber", Integer.class, column(users, PlannedUser::gidNumber));
        texts(insert, "username", users, NewAccount::username);
        texts(insert, "cn", users, NewAccount::cn);
        texts(insert, "sn", users, NewAccount::sn);
        texts(insert, "givenName", users, NewAccount::givenName);
        texts(insert, "mail", users, NewAccount::mail);
        texts(insert, "gecos", users, NewAccount::gecos);
        texts(insert, "homeDirectory", users, NewAccount::homeDirectory);
        texts(insert, "loginShell", users, NewAccount::loginShell);
        texts(insert, "passwordHash", users, NewAccount::passwordHash);
        insert.bindArray("passwordChangeRequired", Boolean.class, column(users, user -> user.account().passwordChangeRequired()));
        texts(insert, "status", users, account -> account.status().text());
        insert.execute();
    }

    private static void insertKeys(Handle handle, List<PlannedUser> users) {
        record Key(String username, SshPublicKey key) {
        }
        var keys = users.stream().flatMap(user -> user.account().sshPublicKeys().stream().map(key -> new Key(user.account().username(), key))).toList();
        if (keys.isEmpty()) {
            return;
        }
        handle.createUpdate("""
                        insert into ssh_keys (uid_number, fingerprint, type, key, comment, created_at)
                        select u.uid_number, k.fingerprint, k.type, k.key, k.comment, clock_timestamp()
                        from unnest(:username, :fingerprint, :type, :key, :comment) as k (username, fingerprint, type, key, comment)
                             join users u on u.username = k.username""")
                .bindArray("username", String.class, column(keys, Key::username))
                .bindArray("fingerprint", String.class, column(keys, key -> key.key().fingerprint()))
                .bindArray("type", String.class, column(keys, key -> key.key().type()))
                .bindArray("key", String.class, column(keys, key -> key.key().key()))
                .bindArray("comment", String.class, column(keys, key -> key.key().comment()))
                .execute();
    }

    private static <S extends SqlStatement<S>> S bindGroups(S insert, List<PlannedGroup> groups) {
        return insert.bindArray("cn", String.class, column(groups, PlannedGroup::cn))
                .bindArray("description", String.class, column(groups, PlannedGroup::description));
    }

    private static void texts(SqlStatement<?> insert, String name, List<PlannedUser> users, Function<NewAccount, String> value) {
        insert.bindArray(name, String.class, column(users, user -> value.apply(user.account())));
    }

    private static <T> Object[] column(List<T> rows, Function<T, ?> value) {
        return rows.stream().map(value).toArray();
    }

    private static Map<String, Integer> numbers(Handle handle, String sql) {
        return handle.createQuery(sql).map((row, context) -> Map.entry(row.getString(1), row.getInt(2)))
                .collect(Collectors.toMap(Map.Entry::getKey, Map.Entry::getValue));
    }

    private static <T> Set<T> set(Handle handle, String sql, Class<T> type) {
        return new HashSet<>(handle.createQuery(sql).mapTo(type).list());
    }
}
