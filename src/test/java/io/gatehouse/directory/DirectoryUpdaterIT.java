package io.gatehouse.directory;

import static org.assertj.core.api.Assertions.assertThat;

import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.SearchScope;
import io.gatehouse.platform.Change;
import io.gatehouse.testing.GatehouseServer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.JdbiException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.postgresql.PGConnection;

/**
 * Follows random transactions of plain SQL, one or several at a time, as a node does, and compares what it has then with what a
 * node that starts now reads.
 */
class DirectoryUpdaterIT {

    private static final int ROUNDS = 60;
    private static final List<String> NAMES = List.of("ann", "ben", "cat", "dan", "eve", "fay");
    private static final List<String> GROUPS = List.of("red", "blue", "ann", "ben");
    private static final List<String> HOSTS = List.of("h1", "h2", "h3");
    private static final List<String> SITES = List.of("lab", "far");
    private static final List<String> NODES = List.of("labnode", "farnode");
    private static final List<String> POLICIES = List.of("one", "two", "three");

    private static GatehouseServer plain;
    private static GatehouseServer withPrivateGroups;

    private interface Step {
        void apply(Handle handle, Random random);
    }

    /** An entry's attributes, the derived ones included. */
    private record Image(long usn, Map<String, Set<String>> attributes) {

        /** Policies change it for thousands at once, without a new number for each. */
        Map<String, Set<String>> withoutHost() {
            var others = new TreeMap<>(attributes);
            others.remove("host");
            return others;
        }
    }

    /** A node without a server around it, which hears of changes when it is told to listen. */
    private static final class Follower implements AutoCloseable {

        final DirectoryRows rows;
        private final GatehouseServer server;
        private final Directory directory = new Directory();
        private final DirectoryUpdater updater;
        private final Handle feed;
        private int marks;

        Follower(GatehouseServer server) throws SQLException {
            this.server = server;
            rows = new DirectoryRows(server);
            updater = new DirectoryUpdater(server.bean(DirectoryReader.class), directory, server.bean(DirectoryLayout.class));
            feed = server.sql().open();
            feed.execute("listen gatehouse");
            updater.reload();
        }

        /** Takes what was committed so far in so many portions, which come later than what they tell of. */
        void follow(int portions) throws SQLException {
            var mark = "test-" + marks++;
            server.sql().useHandle(handle -> handle.execute("select pg_notify('gatehouse', ?)", "mark:" + mark));
            var changes = new ArrayList<Change>();
            boolean reload = false;
            for (boolean reached = false; !reached; ) {
                for (var notification : notifications(feed.getConnection())) {
                    int colon = notification.indexOf(':');
                    var change = new Change(notification.substring(0, colon), notification.substring(colon + 1));
                    reached |= notification.equals("mark:" + mark);
                    reload |= change.table().equals("reload");
                    changes.add(change);
                }
            }
            if (reload) {
                updater.reload();
            } else {
                for (int from = 0, size = changes.size() / portions + 1; from < changes.size(); from += size) {
                    updater.changed(changes.subList(from, Math.min(from + size, changes.size())));
                    assertThat(images(snapshot())).as("what has a change number that was seen, after a part of the news").containsKeys(numberedUpTo(snapshot().lastUsn()));
                }
            }
        }

        private String[] numberedUpTo(long usn) {
            return images(startedNow()).entrySet().stream().filter(image -> image.getValue().usn() > 0 && image.getValue().usn() <= usn)
                    .map(Map.Entry::getKey).toArray(String[]::new);
        }

        DirectorySnapshot snapshot() {
            return directory.snapshot();
        }

        DirectorySnapshot startedNow() {
            var editor = new SnapshotEditor(server.bean(DirectoryLayout.class)).reset(Instant.EPOCH);
            server.bean(DirectoryReader.class).readAll(rows -> {
                rows.forEachGroup(editor::put);
                rows.forEachGroup(editor::nest);
                rows.forEachPerson(editor::put);
                rows.forEachServiceAccount(editor::put);
                rows.forEachHost(editor::put);
                rows.forEachPlace(editor::put);
                rows.forEachPolicy(editor::put);
                editor.set(rows.defaultAccess());
            });
            return editor.snapshot();
        }

        @Override
        public void close() {
            feed.close();
        }

        private static List<String> notifications(Connection connection) throws SQLException {
            var received = connection.unwrap(PGConnection.class).getNotifications(10_000);
            assertThat(received).as("notifications").isNotNull();
            var payloads = new ArrayList<String>();
            for (var notification : received) {
                payloads.add(notification.getParameter());
            }
            return payloads;
        }
    }

    @BeforeAll
    static void startServers() {
        plain = GatehouseServer.start();
        withPrivateGroups = GatehouseServer.with("gatehouse.ldap.user-private-groups", true).start();
        for (var server : List.of(plain, withPrivateGroups)) {
            server.sql().useTransaction(handle -> {
                handle.execute("insert into sites (name, internal_domain) values ('lab', 'lab.internal'), ('far', 'far.internal')");
                handle.execute("insert into nodes (site_id, name) select id, name || 'node' from sites");
            });
        }
    }

    @AfterAll
    static void stopServers() {
        plain.close();
        withPrivateGroups.close();
    }

    @AfterEach
    void emptyTheDirectory() {
        for (var server : List.of(plain, withPrivateGroups)) {
            server.sql().useTransaction(handle -> {
                handle.execute("delete from policies");
                handle.execute("delete from containers");
                handle.execute("delete from settings");
                handle.execute("delete from users where username <> ?", GatehouseServer.ADMINISTRATOR);
                handle.execute("delete from groups where cn not in ('ldapusers', 'sysadmins')");
                handle.execute("delete from service_accounts");
            });
        }
    }

    @ParameterizedTest(name = "private groups: {0}")
    @ValueSource(booleans = {false, true})
    void nodeThatFollowsHasWhatANodeThatStartsReads(boolean privateGroups) throws Exception {
        try (var follower = start(privateGroups)) {
            var random = new Random(privateGroups ? 11 : 10);
            for (int round = 0; round < ROUNDS; round++) {
                var log = randomTransactions(follower, random);
                follower.follow(1 + random.nextInt(4));

                var fresh = follower.startedNow();
                assertThat(images(follower.snapshot())).as("round " + round + ": " + log).isEqualTo(images(fresh));
                assertThat(found(follower.snapshot())).as("round " + round + ": " + log).isEqualTo(found(fresh));
            }
        }
    }

    @ParameterizedTest(name = "private groups: {0}")
    @ValueSource(booleans = {false, true})
    void entryThatLooksDifferentHasALargerChangeNumberThanAllBefore(boolean privateGroups) throws Exception {
        try (var follower = start(privateGroups)) {
            var random = new Random(privateGroups ? 21 : 20);
            var before = images(follower.startedNow());
            for (int round = 0; round < ROUNDS; round++) {
                long last = follower.startedNow().lastUsn();
                var log = randomTransactions(follower, random);
                var after = images(follower.startedNow());
                for (var image : after.entrySet()) {
                    var earlier = before.get(image.getKey());
                    if (image.getValue().usn() > 0 && (earlier == null || !earlier.withoutHost().equals(image.getValue().withoutHost()))) {
                        assertThat(image.getValue().usn()).as("round %d: %s is new or changed by %s", round, image.getKey(), log)
                                .isGreaterThan(last);
                    }
                }
                before = after;
            }
        }
    }

    @Test
    void snapshotThatIsHeldDoesNotChange() throws Exception {
        try (var follower = start(false)) {
            var random = new Random(30);
            randomTransactions(follower, random);
            follower.follow(1);
            var held = follower.snapshot();
            var images = images(held);
            var found = found(held);
            for (int round = 0; round < 20; round++) {
                randomTransactions(follower, random);
                follower.follow(1);
            }
            assertThat(images(held)).isEqualTo(images);
            assertThat(found(held)).isEqualTo(found);
        }
    }

    @Test
    void personAndGroupThatTakeTheNamesOfDeletedOnesAreShown() throws Exception {
        try (var follower = start(false)) {
            follower.rows.group("red");
            follower.rows.person("ann", "red");
            follower.follow(1);
            follower.rows.write(handle -> {
                handle.execute("delete from users where username = 'ann'");
                handle.execute("delete from groups where cn = 'red'");
                follower.rows.insertGroup(handle, "red");
                follower.rows.insertPerson(handle, "ann", "red");
            });
            follower.follow(1);

            assertThat(images(follower.snapshot())).isEqualTo(images(follower.startedNow()));
        }
    }

    @Test
    void policyThatChangedBetweenTwoPeopleIsSeenWithTheSecond() throws Exception {
        try (var follower = start(false)) {
            follower.rows.person("ann");
            follower.rows.sql("insert into policies (name, priority, effect, login, sudo_commands) values ('one', 1, 'allow', true, array['/bin/true'])");
            follower.follow(1);
            follower.rows.sql("update users set gecos = 'before' where username = 'ann'");
            follower.rows.sql("insert into policies (name, priority, effect, login, sudo_commands) values ('two', 1, 'allow', true, array['/bin/true'])");
            follower.rows.person("ben");
            follower.follow(20);

            assertThat(images(follower.snapshot())).isEqualTo(images(follower.startedNow()));
        }
    }

    @Test
    void namesThatAreSwappedBelongToTheOtherOnes() throws Exception {
        try (var follower = start(false)) {
            follower.rows.group("red");
            follower.rows.group("blue");
            follower.rows.person("ann", "red");
            follower.rows.person("ben", "blue");
            follower.follow(1);
            follower.rows.write(handle -> {
                swap(handle, "users", "username", "ann", "ben");
                swap(handle, "groups", "cn", "red", "blue");
            });
            follower.follow(1);

            assertThat(images(follower.snapshot())).isEqualTo(images(follower.startedNow()));
        }
    }

    private static Follower start(boolean privateGroups) throws SQLException {
        return new Follower(privateGroups ? withPrivateGroups : plain);
    }

    /** One to three transactions of one to four steps each; returns what they were. */
    private static List<String> randomTransactions(Follower follower, Random random) {
        var steps = Map.<String, Step>ofEntries(
                Map.entry("insert person", (handle, r) -> follower.rows.insertPerson(handle, any(NAMES, r), any(GROUPS, r))),
                Map.entry("delete person", (handle, r) -> handle.execute("delete from users where username = ?", any(NAMES, r))),
                Map.entry("rename person", (handle, r) ->
                        handle.execute("update users set username = ? where username = ?", any(NAMES, r), any(NAMES, r))),
                Map.entry("swap people", (handle, r) -> swap(handle, "users", "username", any(NAMES, r), any(NAMES, r))),
                Map.entry("replace person", (handle, r) -> {
                    var name = any(NAMES, r);
                    handle.execute("delete from users where username = ?", name);
                    follower.rows.insertPerson(handle, name);
                }),
                Map.entry("change person", (handle, r) -> handle.execute("update users set gecos = ?, mail = ? where username = ?",
                        r.nextBoolean() ? null : "Room " + r.nextInt(3), r.nextInt() + "@example.org", any(NAMES, r))),
                Map.entry("suspend or activate", (handle, r) -> handle.execute("""
                        update users set status = case status when 'active' then 'suspended' else 'active' end where username = ?
                        """, any(NAMES, r))),
                Map.entry("primary group", (handle, r) -> handle.execute(
                        "update users set gid_number = (select gid_number from groups where cn = ?) where username = ?", any(GROUPS, r), any(NAMES, r))),
                Map.entry("insert group", (handle, r) -> follower.rows.insertGroup(handle, any(GROUPS, r))),
                Map.entry("insert group with a person's number", (handle, r) -> handle.execute(
                        "insert into groups (cn, gid_number) select ?, uid_number from users where username = ?", any(GROUPS, r), any(NAMES, r))),
                Map.entry("delete group", (handle, r) -> handle.execute("delete from groups where cn = ?", any(GROUPS, r))),
                Map.entry("rename group", (handle, r) ->
                        handle.execute("update groups set cn = ? where cn = ?", any(GROUPS, r), any(GROUPS, r))),
                Map.entry("swap groups", (handle, r) -> swap(handle, "groups", "cn", any(GROUPS, r), any(GROUPS, r))),
                Map.entry("replace group", (handle, r) -> {
                    var cn = any(GROUPS, r);
                    handle.execute("delete from groups where cn = ?", cn);
                    follower.rows.insertGroup(handle, cn);
                }),
                Map.entry("promote or demote group", (handle, r) ->
                        handle.execute("update groups set is_administrator = not is_administrator where cn = ?", any(GROUPS, r))),
                Map.entry("join", (handle, r) -> follower.rows.insertMember(handle, any(NAMES, r), any(GROUPS, r))),
                Map.entry("leave", (handle, r) -> handle.execute("""
                        delete from memberships m using users u, groups g
                        where m.uid_number = u.uid_number and m.gid_number = g.gid_number and username = ? and g.cn = ?
                        """, any(NAMES, r), any(GROUPS, r))),
                Map.entry("nest group", (handle, r) -> handle.execute("""
                        insert into group_nestings (gid_number, member_gid_number)
                        select o.gid_number, i.gid_number from groups o, groups i where o.cn = ? and i.cn = ?
                        """, any(GROUPS, r), any(GROUPS, r))),
                Map.entry("nest groups", (handle, r) -> handle.execute("""
                        insert into group_nestings (gid_number, member_gid_number)
                        select o.gid_number, i.gid_number from groups o, groups i where o.cn < i.cn and ? in (o.cn, i.cn)
                        on conflict do nothing
                        """, any(GROUPS, r))),
                Map.entry("move nesting", (handle, r) -> handle.execute("""
                        update group_nestings set gid_number = (select gid_number from groups where cn = ?)
                        where member_gid_number = (select gid_number from groups where cn = ?)
                        """, any(GROUPS, r), any(GROUPS, r))),
                Map.entry("take group out", (handle, r) -> handle.execute("""
                        delete from group_nestings where ? in (select cn from groups g where g.gid_number in (group_nestings.gid_number, member_gid_number))
                        """, any(GROUPS, r))),
                Map.entry("add key", (handle, r) -> handle.execute("""
                        insert into ssh_keys (uid_number, fingerprint, type, key)
                        select uid_number, 'SHA256:' || repeat(?, 43), 'ssh-ed25519', 'AAAA' from users where username = ?
                        """, any(List.of("A", "B", "C"), r), any(NAMES, r))),
                Map.entry("remove keys", (handle, r) -> handle.execute(
                        "delete from ssh_keys using users u where u.uid_number = ssh_keys.uid_number and username = ?", any(NAMES, r))),
                Map.entry("rotate service account", (handle, r) -> handle.execute("""
                        insert into service_accounts (name, password_hash) values (?, 'x')
                        on conflict (name) do update set password_hash = 'y', name = excluded.name || '-2'
                        """, any(NAMES, r))),
                Map.entry("insert container", (handle, r) -> handle.execute("""
                        insert into containers (hostname, owner, node_id, mac_address)
                        select ?, u.uid_number, n.id, ('02:00:00:00:00:0' || ?)::macaddr from users u, nodes n where u.username = ? and n.name = ?
                        """, any(HOSTS, r), r.nextInt(10), any(NAMES, r), any(NODES, r))),
                Map.entry("move or rename container", (handle, r) -> handle.execute("""
                        update containers set hostname = ?, node_id = (select id from nodes where name = ?) where hostname = ?
                        """, any(HOSTS, r), any(NODES, r), any(HOSTS, r))),
                Map.entry("delete container", (handle, r) -> handle.execute("delete from containers where hostname = ?", any(HOSTS, r))),
                Map.entry("move node", (handle, r) -> handle.execute("""
                        update nodes set site_id = (select id from sites where name = ?) where name = ?
                        """, any(SITES, r), any(NODES, r))),
                Map.entry("collaborate", (handle, r) -> handle.execute("""
                        insert into container_collaborators (container_id, uid_number) select c.id, uid_number from containers c, users where hostname = ? and username = ?
                        """, any(HOSTS, r), any(NAMES, r))),
                Map.entry("fall out", (handle, r) -> handle.execute("""
                        delete from container_collaborators where uid_number in (select uid_number from users where username = ?)""", any(NAMES, r))),
                Map.entry("insert policy", (handle, r) -> handle.execute("""
                        insert into policies (name, priority, effect, login, sudo_commands) values (?, ?, ?, ?, array['/bin/true'])
                        """, any(POLICIES, r), r.nextInt(3), any(List.of("allow", "deny"), r), r.nextBoolean())),
                Map.entry("change policy", (handle, r) -> handle.execute("""
                        update policies set name = ?, active = ?, sudo_commands = case when login and ? then null else array['/bin/false'] end
                        where name = ?""", any(POLICIES, r), r.nextInt(3) > 0, r.nextInt(3) == 0, any(POLICIES, r))),
                Map.entry("delete policy", (handle, r) -> handle.execute("delete from policies where name = ?", any(POLICIES, r))),
                Map.entry("aim policy at person", (handle, r) -> handle.execute("""
                        insert into policy_targets (policy_id, uid_number) select id, uid_number from policies, users where name = ? and username = ?
                        """, any(POLICIES, r), any(NAMES, r))),
                Map.entry("aim policy at group", (handle, r) -> handle.execute("""
                        insert into policy_targets (policy_id, gid_number) select id, gid_number from policies, groups where name = ? and cn = ?
                        """, any(POLICIES, r), any(GROUPS, r))),
                Map.entry("take aim away", (handle, r) -> handle.execute(
                        "delete from policy_targets where policy_id in (select id from policies where name = ?)", any(POLICIES, r))),
                Map.entry("policy for site", (handle, r) -> handle.execute("""
                        insert into policy_destinations (policy_id, site_id) select p.id, s.id from policies p, sites s where p.name = ? and s.name = ?
                        """, any(POLICIES, r), any(SITES, r))),
                Map.entry("policy for container", (handle, r) -> handle.execute("""
                        insert into policy_destinations (policy_id, container_id) select p.id, c.id from policies p, containers c where p.name = ? and hostname = ?
                        """, any(POLICIES, r), any(HOSTS, r))),
                Map.entry("default access", (handle, r) -> handle.execute("""
                        insert into settings (key, value, updated_by) values ('access_default', ?, 'nobody')
                        on conflict (key) do update set value = excluded.value""", any(List.of("open", "closed"), r))),
                Map.entry("delete service account", (handle, r) -> handle.execute("delete from service_accounts where name like ?", any(NAMES, r) + "%")));
        var kinds = List.copyOf(new TreeSet<>(steps.keySet()));
        var log = new ArrayList<String>();
        for (int transactions = 1 + random.nextInt(3); transactions > 0; transactions--) {
            follower.server.sql().useTransaction(handle -> {
                for (int count = 1 + random.nextInt(4); count > 0; count--) {
                    var kind = any(kinds, random);
                    handle.savepoint("step");
                    try {
                        steps.get(kind).apply(handle, random);
                        log.add(kind);
                    } catch (JdbiException refusedByAConstraint) {
                        handle.rollbackToSavepoint("step");
                    }
                }
            });
            log.add("commit");
        }
        return log;
    }

    private static void swap(Handle handle, String table, String column, String one, String other) {
        var rename = "update " + table + " set " + column + " = ? where " + column + " = ?";
        handle.execute(rename, "swapping", one);
        handle.execute(rename, one, other);
        handle.execute(rename, other, "swapping");
    }

    private static String any(List<String> choices, Random random) {
        return choices.get(random.nextInt(choices.size()));
    }

    private static DirectoryView administrator(DirectorySnapshot snapshot) {
        return DirectoryView.of(snapshot, snapshot.person(GatehouseServer.ADMINISTRATOR), Instant.now());
    }

    /** Every entry by its DN (the branches of the tree have no change number of their own); what tells of the change itself is left out of the attributes. */
    private static Map<String, Image> images(DirectorySnapshot snapshot) {
        var images = new TreeMap<String, Image>();
        var administrator = administrator(snapshot);
        snapshot.entries.forEach((id, entry) -> {
            var attributes = new TreeMap<String, Set<String>>();
            var types = new HashSet<>(entry.shape().types());
            types.addAll(snapshot.layout.derivedTypes());
            for (var type : types) {
                var values = new TreeSet<String>();
                administrator.values(entry, type).forEach(value -> values.add(new String(value, StandardCharsets.UTF_8)));
                if (!values.isEmpty()) {
                    attributes.put(type.name(), values);
                }
            }
            attributes.remove("modifyTimestamp");
            if (entry.kind() == Entry.Kind.CONTAINER || entry.kind() == Entry.Kind.POLICY) {
                attributes.remove("createTimestamp");
            }
            var usn = attributes.remove("entryUSN");
            var parent = entry.parent() == Entry.NO_PARENT ? "" : snapshot.entries.get(entry.parent()).dn();
            attributes.put("parent", Set.of(parent));
            assertThat(images.put(entry.dn(), new Image(Long.parseLong(usn.iterator().next()), attributes))).as("twice: " + entry.dn()).isNull();
            assertThat(snapshot.byDn.get(Dn.parse(entry.dn(), snapshot.layout.schema()).key())).isEqualTo(id);
            return true;
        });
        assertThat(snapshot.byDn.size()).isEqualTo(images.size());
        return images;
    }

    /** What indexes and principals lead to. */
    private static Map<String, Set<String>> found(DirectorySnapshot snapshot) {
        var found = new TreeMap<String, Set<String>>();
        var filters = new ArrayList<Filter>();
        for (var name : NAMES) {
            filters.add(Filter.createEqualityFilter("uid", name));
            filters.add(Filter.createEqualityFilter("cn", name));
            filters.add(Filter.createEqualityFilter("memberUid", name));
            filters.add(Filter.createEqualityFilter("member", snapshot.layout.person(name)));
            var principal = snapshot.person(name);
            found.put("principal " + name, principal == null ? Set.of()
                    : Set.of(principal.dn() + " " + principal.passwordChangedAt() + " " + snapshot.isAdministrator(principal)));
        }
        for (var cn : GROUPS) {
            filters.add(Filter.createEqualityFilter("cn", cn));
            filters.add(Filter.createEqualityFilter("memberOf", snapshot.layout.group(cn)));
            filters.add(Filter.createExtensibleMatchFilter("member", "1.2.840.113556.1.4.1941", false, snapshot.layout.group(cn)));
        }
        for (var objectClass : List.of("posixAccount", "posixGroup", "sudoRole", "applicationProcess")) {
            filters.add(Filter.createEqualityFilter("objectClass", objectClass));
        }
        var administrator = administrator(snapshot);
        var base = snapshot.find(snapshot.layout.baseDn());
        for (var filter : filters) {
            var dns = new TreeSet<String>();
            administrator.search(base, SearchScope.SUB, filter, 0, () -> { }, entry -> dns.add(entry.dn()));
            found.put(filter.toString(), dns);
        }
        return found;
    }
}
