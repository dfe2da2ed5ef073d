package io.gatehouse.directory;

import io.gatehouse.access.AccessRules;
import io.gatehouse.access.DefaultAccess;
import io.gatehouse.access.Place;
import io.gatehouse.access.Policy;
import io.gatehouse.directory.DirectoryReader.GroupRow;
import io.gatehouse.directory.DirectoryReader.HostRow;
import io.gatehouse.directory.DirectoryReader.PersonRow;
import io.gatehouse.directory.DirectoryReader.ServiceAccountRow;
import io.gatehouse.directory.persistent.HashTrie;
import io.gatehouse.directory.persistent.IntMap;
import io.gatehouse.directory.persistent.IntSet;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Makes the next snapshot out of one and what changed. Used by one thread. */
final class SnapshotEditor {

    final DirectoryLayout layout;
    private final EntryRenderer renderer;
    private final AccessEditor accessEditor = new AccessEditor();
    private final Map<Integer, IntSet> membersOfVacated = new HashMap<>();
    private final Map<Integer, Host> hosts = new HashMap<>();
    /** Entries of roles by the policies that they stand for. */
    private final Map<Integer, Integer> roles = new HashMap<>();
    private int nextId;
    private long lastRevision;
    int peopleId;
    private int groupsId;
    private DirectorySnapshot latest;

    IntMap<Entry> entries = IntMap.empty();
    HashTrie<String, Integer> byDn = HashTrie.empty();
    ValueIndex index;
    IntMap<IntSet> children = IntMap.empty();
    IntMap<IntSet> groupsOf = IntMap.empty();
    IntMap<MemberList> membersOf = IntMap.empty();
    GroupNesting nesting = GroupNesting.NONE;
    /** Of the groups that have rows, by their numbers. */
    IntMap<Integer> groupIds = IntMap.empty();
    /** Of the groups that bear a person's name, the person. */
    IntMap<Integer> privateGroups = IntMap.empty();
    IntSet administratorGroups = IntSet.EMPTY;
    /** Of the groups that have another than the weakest. */
    IntMap<SecondFactorPolicy> groupPolicies = IntMap.empty();
    IntMap<Credential> credentials = IntMap.empty();
    /** Entries of renamed hosts by the DN that they were told when they joined. */
    HashTrie<String, Integer> formerNames = HashTrie.empty();
    /** Of the hosts, their containers. */
    IntMap<Integer> containers = IntMap.empty();
    /** Of the roles that stand for a policy, the policy. */
    IntMap<Policy> sudoPolicies = IntMap.empty();
    AccessRules access;
    long lastUsn;
    /** Groups with others in them than before; the lists of the groups that they are in are made anew as well. */
    private IntSet changedGroups = IntSet.EMPTY;
    /** Ids of an earlier snapshot, so that an entry that comes back after a reload keeps its own. */
    private HashTrie<String, Integer> knownIds = HashTrie.empty();

    /** @param formerName key of the DN by which it may bind, too; null if that is its own */
    private record Host(int entryId, String formerName) {
    }

    /** Starts with the tree's fixed entries only. */
    SnapshotEditor(DirectoryLayout layout) {
        this.layout = layout;
        renderer = new EntryRenderer(layout);
        index = new ValueIndex(indexedTypes(layout.schema()));
    }

    /** Empties the directory; entries that come back keep their ids. */
    SnapshotEditor reset(Instant since) {
        var fresh = new SnapshotEditor(layout);
        fresh.nextId = nextId;
        fresh.lastRevision = lastRevision;
        fresh.knownIds = byDn;
        fresh.latest = latest;
        fresh.addFixedEntries(since);
        return fresh;
    }

    DirectorySnapshot snapshot() {
        knownIds = HashTrie.empty();
        nesting.above(changedGroups).forEach(group -> {
            var direct = direct(group);
            membersOf = direct.isEmpty() && nesting.in(group).isEmpty()
                    ? membersOf.without(group) : membersOf.with(group, new MemberList(group, direct));
            return true;
        });
        changedGroups = IntSet.EMPTY;
        var administrators = new HashSet<Integer>();
        administratorGroups.forEach(group -> administrators.add(number(entries.get(group), layout.gidNumber)));
        access = accessEditor.rules(administrators);
        latest = new DirectorySnapshot(this, latest);
        return latest;
    }

    private void addFixedEntries(Instant since) {
        int base = put(layout.base(), Entry.NO_PARENT, (id, parent) -> renderer.base(id, since));
        for (var branch : List.of(layout.people(), layout.groups(), layout.hosts(), layout.sudoers(), layout.services(), layout.policies())) {
            put(branch, base, (id, parent) -> renderer.branch(id, parent, branch, since));
        }
        peopleId = idOf(layout.people());
        groupsId = idOf(layout.groups());
        put(layout.passwordPolicy(), idOf(layout.policies()), (id, parent) -> renderer.passwordPolicy(id, parent, since));
    }

    /** Removes the person if it is no longer shown under its present name; {@link #put} may follow. */
    void vacateName(PersonRow row) {
        var old = person(row.uidNumber());
        if (old != null && (!row.active() || !entries.get(old).dn().equals(layout.person(row.username())))) {
            removePerson(row.uidNumber());
        }
    }

    /** The person's old name, if it had another, must have been vacated. */
    void put(PersonRow row) {
        lastUsn = Math.max(lastUsn, row.usn());
        if (!row.active()) {
            return;
        }
        removeNamesake(row);
        boolean ownGroup = hasPrivateGroup(row);
        int id = put(layout.person(row.username()), peopleId,
                (own, parent) -> renderer.person(own, parent, row, ownGroup ? row.uidNumber() : row.gidNumber()));
        credentials = credentials.with(id, Credential.of(row, lastRevision++));
        setGroups(id, row.groups());
        if (ownGroup) {
            int group = put(layout.group(row.username()), groupsId, (own, parent) -> renderer.privateGroup(own, parent, row));
            privateGroups = privateGroups.with(group, id);
        } else {
            removePrivateGroup(row.username());
        }
    }

    void removePerson(int uidNumber) {
        var id = person(uidNumber);
        if (id == null) {
            return;
        }
        setGroups(id, List.of());
        removePrivateGroup(entries.get(id).firstValue(layout.uid));
        credentials = credentials.without(id);
        remove(id);
    }

    /** Removes the group if it has another name now; {@link #put} brings it back with its members. */
    void vacateName(GroupRow row) {
        var old = groupIds.get(row.gidNumber());
        if (old != null && !nameOf(entries.get(old)).equals(row.cn())) {
            membersOfVacated.put(row.gidNumber(), direct(old));
            removeGroup(row.gidNumber());
        }
    }

    /** The group's old name, if it had another, must have been vacated; {@link #nest} follows when all groups are there. */
    void put(GroupRow row) {
        lastUsn = Math.max(lastUsn, row.usn());
        removePrivateGroup(row.cn());
        var dn = layout.group(row.cn());
        var present = groupIds.get(row.gidNumber());
        int id;
        if (present != null && entries.get(present).dn().equals(dn)) {
            id = present;
            replace(id, renderer.group(id, groupsId, row));
        } else {
            removeNamesake(row);
            id = put(dn, groupsId, (own, parent) -> renderer.group(own, parent, row));
        }
        groupIds = groupIds.with(row.gidNumber(), id);
        groupPolicies = row.secondFactorPolicy() == SecondFactorPolicy.IF_PRESENT
                ? groupPolicies.without(id) : groupPolicies.with(id, row.secondFactorPolicy());
        var members = membersOfVacated.remove(row.gidNumber());
        if (members != null) {
            setMembers(id, members);
        }
        if (row.isAdministrator()) {
            administratorGroups = administratorGroups.with(id);
            put(layout.sudoRole(row.cn()), idOf(layout.sudoers()), (own, parent) -> renderer.sudoRole(own, parent, row));
        } else {
            demote(id);
        }
    }

    /** Puts into the group those that shall be in it. */
    void nest(GroupRow row) {
        int id = groupIds.get(row.gidNumber());
        IntSet after = IntSet.EMPTY;
        for (var gidNumber : row.groups()) {
            var inner = groupIds.get(gidNumber);
            after = inner == null ? after : after.with(inner);
        }
        if (!nesting.in(id).hasSameElements(after)) {
            nesting = nesting.with(id, after);
            changedGroups = changedGroups.with(id);
        }
    }

    /** Somebody else who still holds the name was deleted or renamed, even if the news of that is yet to come. */
    private void removeNamesake(PersonRow row) {
        var holder = idOf(layout.person(row.username()));
        if (holder != null && !holder.equals(person(row.uidNumber()))) {
            removePerson(number(entries.get(holder), layout.uidNumber));
        }
    }

    private void removeNamesake(GroupRow row) {
        var holder = idOf(layout.group(row.cn()));
        if (holder != null && !holder.equals(groupIds.get(row.gidNumber()))) {
            removeGroup(number(entries.get(holder), layout.gidNumber));
        }
    }

    private static int number(Entry entry, AttributeType type) {
        return Integer.parseInt(entry.firstValue(type));
    }

    void removeGroup(int gidNumber) {
        var id = groupIds.get(gidNumber);
        if (id == null) {
            return;
        }
        groupIds = groupIds.without(gidNumber);
        setMembers(id, IntSet.EMPTY);
        changedGroups = changedGroups.without(id).union(nesting.around(id));
        nesting = nesting.without(id);
        demote(id);
        groupPolicies = groupPolicies.without(id);
        remove(id);
    }

    void put(ServiceAccountRow row) {
        lastUsn = Math.max(lastUsn, row.usn());
        var dn = layout.serviceAccount(row.name());
        int id = put(dn, idOf(layout.services()), (own, parent) -> renderer.serviceAccount(own, parent, row));
        credentials = credentials.with(id, Credential.of(row, lastRevision++));
    }

    void removeServiceAccount(String name) {
        var id = idOf(layout.serviceAccount(name));
        if (id != null) {
            credentials = credentials.without(id);
            remove(id);
        }
    }

    /** Removes the host if it has another name now; {@link #put} brings it back. */
    void vacateName(HostRow row) {
        var old = hosts.get(row.containerId());
        if (old != null && !entries.get(old.entryId()).dn().equals(layout.host(row.hostname()))) {
            removeHost(row.containerId());
        }
    }

    /** The host's old name, if it had another, must have been vacated. */
    void put(HostRow row) {
        lastUsn = Math.max(lastUsn, row.usn());
        var dn = layout.host(row.hostname());
        removeNamesake(row.containerId(), idOf(dn));
        int id = put(dn, idOf(layout.hosts()), (own, parent) -> renderer.host(own, parent, row));
        credentials = credentials.with(id, Credential.of(row, lastRevision++));
        forgetFormerName(hosts.get(row.containerId()));
        var former = row.joinedAs().equals(row.hostname()) ? null : Dn.parse(layout.host(row.joinedAs()), layout.schema()).key();
        hosts.put(row.containerId(), new Host(id, former));
        containers = containers.with(id, row.containerId());
        if (former != null) {
            formerNames = formerNames.with(former, id);
        }
    }

    void removeHost(int containerId) {
        var host = hosts.remove(containerId);
        if (host != null) {
            forgetFormerName(host);
            credentials = credentials.without(host.entryId());
            containers = containers.without(host.entryId());
            remove(host.entryId());
        }
    }

    void set(DefaultAccess byDefault) {
        accessEditor.set(byDefault);
    }

    /** Removes the policy's role if it has another name now, or none any more; {@link #put} follows. */
    void vacateName(Policy policy) {
        var role = roles.get(policy.id());
        if (role != null && (policy.sudo() == null || !entries.get(role).dn().equals(layout.policySudoRole(policy.name())))) {
            removeRole(policy.id());
        }
    }

    /** The old name of its role, if it had another, must have been vacated. */
    void put(Policy policy) {
        lastUsn = Math.max(lastUsn, policy.usn());
        accessEditor.put(policy);
        if (policy.sudo() != null) {
            var dn = layout.policySudoRole(policy.name());
            var holder = idOf(dn);
            if (holder != null && !holder.equals(roles.get(policy.id()))) {
                removeRole(sudoPolicies.get(holder).id());
            }
            int id = put(dn, idOf(layout.sudoers()), (own, parent) -> renderer.sudoRole(own, parent, policy));
            sudoPolicies = sudoPolicies.with(id, policy);
            roles.put(policy.id(), id);
        }
    }

    void removePolicy(int id) {
        accessEditor.removePolicy(id);
        removeRole(id);
    }

    private void removeRole(int policy) {
        var role = roles.remove(policy);
        if (role != null) {
            sudoPolicies = sudoPolicies.without(role);
            remove(role);
        }
    }

    void put(Place place) {
        accessEditor.put(place);
    }

    void removePlaces(Collection<Integer> containerIds) {
        accessEditor.removePlaces(containerIds);
    }

    private void removeNamesake(int containerId, Integer holder) {
        var own = hosts.get(containerId);
        if (holder != null && (own == null || own.entryId() != holder)) {
            hosts.entrySet().stream().filter(host -> host.getValue().entryId() == holder).map(Map.Entry::getKey).findFirst()
                    .ifPresent(this::removeHost);
        }
    }

    /** Another host that was renamed may have been told the same name, and keeps it. */
    private void forgetFormerName(Host host) {
        if (host != null && host.formerName() != null && Integer.valueOf(host.entryId()).equals(formerNames.get(host.formerName()))) {
            formerNames = formerNames.without(host.formerName());
        }
    }

    /** The people whose private group stands or falls with this group, by its number, its name now and its name before. */
    Set<Integer> namesakes(GroupRow row) {
        if (!layout.userPrivateGroups) {
            return Set.of();
        }
        var uidNumbers = new HashSet<>(namesakes(row.gidNumber()));
        addPersonNamed(row.cn(), uidNumbers);
        return uidNumbers;
    }

    /** The people whose private group stands or falls with the group of this number. */
    Set<Integer> namesakes(int gidNumber) {
        if (!layout.userPrivateGroups) {
            return Set.of();
        }
        var uidNumbers = new HashSet<>(Set.of(gidNumber));
        var group = groupIds.get(gidNumber);
        if (group != null) {
            addPersonNamed(nameOf(entries.get(group)), uidNumbers);
        }
        return uidNumbers;
    }

    private void addPersonNamed(String username, Set<Integer> uidNumbers) {
        var id = idOf(layout.person(username));
        if (id != null) {
            uidNumbers.add(number(entries.get(id), layout.uidNumber));
        }
    }

    private Integer person(int uidNumber) {
        return index.only(layout.uidNumber, Integer.toString(uidNumber));
    }

    private void demote(int group) {
        if (administratorGroups.contains(group)) {
            administratorGroups = administratorGroups.without(group);
            remove(idOf(layout.sudoRole(nameOf(entries.get(group)))));
        }
    }

    private boolean hasPrivateGroup(PersonRow row) {
        if (!layout.userPrivateGroups || groupIds.get(row.uidNumber()) != null) {
            return false;
        }
        var named = idOf(layout.group(row.username()));
        return named == null || !isRealGroup(named);
    }

    private boolean isRealGroup(int id) {
        return Integer.valueOf(id).equals(groupIds.get(number(entries.get(id), layout.gidNumber)));
    }

    private void removePrivateGroup(String username) {
        if (layout.userPrivateGroups) {
            var id = idOf(layout.group(username));
            if (id != null && !isRealGroup(id)) {
                privateGroups = privateGroups.without(id);
                remove(id);
            }
        }
    }

    private void setGroups(int person, List<Integer> gidNumbers) {
        var before = groupsOf.get(person);
        IntSet after = IntSet.EMPTY;
        for (var gidNumber : gidNumbers) {
            var group = groupIds.get(gidNumber);
            after = group == null ? after : after.with(group);
        }
        if (before != null) {
            var now = after;
            before.forEach(group -> {
                if (!now.contains(group)) {
                    setDirect(group, direct(group).without(person));
                }
                return true;
            });
        }
        after.forEach(group -> {
            var members = direct(group);
            if (!members.contains(person)) {
                setDirect(group, members.with(person));
            }
            return true;
        });
        if (before == null ? !after.isEmpty() : !before.hasSameElements(after)) {
            groupsOf = after.isEmpty() ? groupsOf.without(person) : groupsOf.with(person, after);
        }
    }

    private void setMembers(int group, IntSet after) {
        direct(group).forEach(person -> {
            var left = groupsOf.get(person).without(group);
            groupsOf = left.isEmpty() ? groupsOf.without(person) : groupsOf.with(person, left);
            return true;
        });
        after.forEach(person -> {
            var present = groupsOf.get(person);
            groupsOf = groupsOf.with(person, (present == null ? IntSet.EMPTY : present).with(group));
            return true;
        });
        setDirect(group, after);
    }

    private IntSet direct(int group) {
        var members = membersOf.get(group);
        return members == null ? IntSet.EMPTY : members.direct();
    }

    private void setDirect(int group, IntSet people) {
        membersOf = people.isEmpty() ? membersOf.without(group) : membersOf.with(group, new MemberList(group, people));
        changedGroups = changedGroups.with(group);
    }

    private interface Rendering {
        Entry render(int id, int parent);
    }

    private int put(String dn, int parent, Rendering rendering) {
        var key = Dn.parse(dn, layout.schema()).key();
        var present = byDn.get(key);
        var known = present == null ? knownIds.get(key) : present;
        int id = known == null ? nextId++ : known;
        replace(id, rendering.render(id, parent));
        if (present == null) {
            byDn = byDn.with(key, id);
            if (parent != Entry.NO_PARENT) {
                var siblings = children.get(parent);
                children = children.with(parent, (siblings == null ? IntSet.EMPTY : siblings).with(id));
            }
        }
        return id;
    }

    /** With another entry of the same name, or where there was none. */
    private void replace(int id, Entry entry) {
        index = index.replace(entries.get(id), entry);
        entries = entries.with(id, entry);
    }

    private void remove(int id) {
        var entry = entries.get(id);
        index = index.replace(entry, null);
        entries = entries.without(id);
        byDn = byDn.without(Dn.parse(entry.dn(), layout.schema()).key());
        children = children.with(entry.parent(), children.get(entry.parent()).without(id));
    }

    private static String nameOf(Entry group) {
        var dn = group.dn();
        return dn.substring("cn=".length(), dn.indexOf(','));
    }

    private Integer idOf(String dn) {
        return byDn.get(Dn.parse(dn, layout.schema()).key());
    }

    private static List<AttributeType> indexedTypes(DirectorySchema schema) {
        return Stream.of("objectClass", "uid", "cn", "mail", "uidNumber", "gidNumber", "entryUUID")
                .map(schema::attribute).toList();
    }
}
