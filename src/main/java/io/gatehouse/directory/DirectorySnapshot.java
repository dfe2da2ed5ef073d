package io.gatehouse.directory;

import io.gatehouse.access.AccessRules;
import io.gatehouse.access.Policy;
import io.gatehouse.directory.persistent.HashTrie;
import io.gatehouse.directory.persistent.IntMap;
import io.gatehouse.directory.persistent.IntSet;
import java.time.Instant;

/**
 * The whole directory at one moment, immutable but for what it remembers of questions. Its indexes lead from a value to the entries that hold it, whatever their
 * number; memberships are kept once, as pairs of entries, and every attribute that shows them is derived from these. Who is in a
 * group is in all groups that it is in.
 */
public final class DirectorySnapshot {

    final DirectoryLayout layout;
    final IntMap<Entry> entries;
    final HashTrie<String, Integer> byDn;
    final ValueIndex index;
    final IntMap<IntSet> children;
    final IntMap<IntSet> groupsOf;
    final IntMap<MemberList> membersOf;
    final GroupNesting nesting;
    final IntMap<Integer> groupIds;
    final IntMap<Integer> privateGroups;
    final IntSet administratorGroups;
    final IntMap<SecondFactorPolicy> groupPolicies;
    final IntMap<Credential> credentials;
    final HashTrie<String, Integer> formerNames;
    final IntMap<Integer> containers;
    final IntMap<Policy> sudoPolicies;
    final AccessRules access;
    final long lastUsn;
    private final int peopleId;
    private volatile Admission admission;

    /** @param former the one before, or null */
    DirectorySnapshot(SnapshotEditor editor, DirectorySnapshot former) {
        layout = editor.layout;
        entries = editor.entries;
        byDn = editor.byDn;
        index = editor.index;
        children = editor.children;
        groupsOf = editor.groupsOf;
        membersOf = editor.membersOf;
        nesting = editor.nesting;
        groupIds = editor.groupIds;
        privateGroups = editor.privateGroups;
        administratorGroups = editor.administratorGroups;
        groupPolicies = editor.groupPolicies;
        credentials = editor.credentials;
        formerNames = editor.formerNames;
        containers = editor.containers;
        sudoPolicies = editor.sudoPolicies;
        access = editor.access;
        lastUsn = editor.lastUsn;
        peopleId = editor.peopleId;
        admission = former == null ? null : former.admission;
    }

    /** The largest change number that this snapshot holds. */
    public long lastUsn() {
        return lastUsn;
    }

    public int size() {
        return entries.size();
    }

    int childrenOf(Dn dn) {
        var entry = find(dn);
        return entry == null ? 0 : children(entry.id()).size();
    }

    public Entry find(Dn dn) {
        var id = byDn.get(dn.key());
        return id == null ? null : entries.get(id);
    }

    /** Who has this entry's name and may bind, or null. */
    public Principal principal(int entryId) {
        var credential = credentials.get(entryId);
        if (credential == null) {
            return null;
        }
        var entry = entries.get(entryId);
        var type = switch (entry.kind()) {
            case PERSON -> Principal.Type.PERSON;
            case HOST -> Principal.Type.MACHINE;
            default -> Principal.Type.SERVICE_ACCOUNT;
        };
        boolean isPerson = type == Principal.Type.PERSON;
        return new Principal(type, entryId, entry.firstValue(isPerson ? layout.uid : layout.cn), entry.dn(),
                credential.passwordHash(), credential.secretHash(), credential.passwordChangedAt(), credential.passwordChangeRequired(),
                credential.secondFactorSince(), credential.appPasswords(), isPerson ? policyOfGroups(entryId) : credential.secondFactorPolicy(),
                credential.revision());
    }

    /**
     * The principal of this name: of a DN below people, services or hosts, of {@code uid=NAME} right below the base, or of the name
     * that a host had when it joined, as long as nobody else has it.
     */
    public Principal principal(Dn dn) {
        var entry = find(layout.isFlatUserName(dn) ? layout.peopleDn().child(dn.rdn()) : dn);
        var id = entry == null ? formerNames.get(dn.key()) : Integer.valueOf(entry.id());
        return id == null ? null : principal(id);
    }

    /** The active person of this user name, or null. */
    public Principal person(String username) {
        return principal(layout.peopleDn().child("uid=" + username));
    }

    public boolean isAdministrator(Principal principal) {
        return !administratorGroups.forEach(group -> !members(group).contains(principal.entryId()));
    }

    /** The entry of the active person of this number, or null. */
    Integer person(int uidNumber) {
        return index.only(layout.uidNumber, Integer.toString(uidNumber));
    }

    /** All people's entries. */
    IntSet people() {
        return children(peopleId);
    }

    /** Who may log in where at this time. */
    Admission admission(Instant now) {
        var present = Admission.of(this, now, admission);
        admission = present;
        return present;
    }

    private SecondFactorPolicy policyOfGroups(int person) {
        var strongest = new SecondFactorPolicy[] {SecondFactorPolicy.IF_PRESENT};
        groups(person).forEach(group -> {
            var policy = groupPolicies.get(group);
            strongest[0] = policy == null ? strongest[0] : strongest[0].strongest(policy);
            return true;
        });
        return strongest[0];
    }

    /** The groups that a person or a group is in, at any depth. */
    IntSet groups(int member) {
        var groups = groupsOf.get(member);
        return nesting.above(groups == null ? nesting.around(member) : groups);
    }

    /** The people in a group, at any depth. */
    IntSet members(int group) {
        var members = membersOf.get(group);
        return members == null ? IntSet.EMPTY : members.people(this);
    }

    /** The groups in a group, at any depth. */
    IntSet nestedGroups(int group) {
        return nesting.below(nesting.in(group));
    }

    IntSet children(int parent) {
        var below = children.get(parent);
        return below == null ? IntSet.EMPTY : below;
    }
}
