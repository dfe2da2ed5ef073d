package io.gatehouse.directory;

import io.gatehouse.directory.persistent.HashTrie;
import io.gatehouse.directory.persistent.IntMap;
import io.gatehouse.directory.persistent.IntSet;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The whole directory at one moment, immutable. Its indexes lead from a value to the entries that hold it, whatever their
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
    final IntSet administratorGroups;
    final IntMap<SecondFactorPolicy> groupPolicies;
    final IntMap<Credential> credentials;
    final HashTrie<String, Integer> formerNames;
    final long lastUsn;

    DirectorySnapshot(SnapshotEditor editor) {
        layout = editor.layout;
        entries = editor.entries;
        byDn = editor.byDn;
        index = editor.index;
        children = editor.children;
        groupsOf = editor.groupsOf;
        membersOf = editor.membersOf;
        nesting = editor.nesting;
        administratorGroups = editor.administratorGroups;
        groupPolicies = editor.groupPolicies;
        credentials = editor.credentials;
        formerNames = editor.formerNames;
        lastUsn = editor.lastUsn;
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

    boolean has(Entry entry, AttributeType type) {
        if (entry.shape().position(type) >= 0) {
            return true;
        }
        return layout.isDerived(type) && anyDerivedValue(entry, type, (buffer, offset, length) -> true);
    }

    boolean anyValue(Entry entry, AttributeType type, Entry.ValueTest test) {
        return layout.isDerived(type) && entry.shape().position(type) < 0
                ? anyDerivedValue(entry, type, test)
                : entry.anyValue(type, test);
    }

    /** The values, copied. */
    public List<byte[]> values(Entry entry, AttributeType type) {
        var values = new ArrayList<byte[]>();
        anyValue(entry, type, (buffer, offset, length) -> {
            var value = new byte[length];
            System.arraycopy(buffer, offset, value, 0, length);
            values.add(value);
            return false;
        });
        return values;
    }

    /** A derived attribute as a PartialAttribute, or null if the entry has none. */
    public byte[] derivedAttribute(Entry entry, AttributeType type) {
        if (entry.kind() == Entry.Kind.GROUP && (type == layout.member || type == layout.memberUid)) {
            var members = membersOf.get(entry.id());
            return members == null ? null : members.attribute(type, this);
        }
        var values = values(entry, type);
        return values.isEmpty() ? null : new BerWriter(256).attribute(type.name(), values).toByteArray();
    }

    private boolean anyDerivedValue(Entry entry, AttributeType type, Entry.ValueTest test) {
        if (type == layout.entryDn) {
            return testBytes(test, entry.dnBytes());
        }
        return switch (entry.kind()) {
            case PERSON -> type == layout.memberOf && anyName(groups(entry.id()), test);
            case GROUP -> type == layout.memberOf ? anyName(groups(entry.id()), test)
                    : type == layout.member ? anyName(members(entry.id()), test)
                    : type == layout.memberUid
                    && !members(entry.id()).forEach(person -> !entries.get(person).anyValue(layout.uid, test));
            case CONTAINER -> type == layout.hasSubordinates
                    && testBytes(test, (children(entry.id()).isEmpty() ? "FALSE" : "TRUE").getBytes(StandardCharsets.US_ASCII));
            default -> false;
        };
    }

    private boolean anyName(IntSet named, Entry.ValueTest test) {
        return !named.forEach(id -> !testBytes(test, entries.get(id).dnBytes()));
    }

    private static boolean testBytes(Entry.ValueTest test, byte[] value) {
        return test.test(value, 0, value.length);
    }
}
