package io.gatehouse.directory;

import io.gatehouse.directory.persistent.IntSet;
import io.micronaut.core.annotation.Nullable;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** The attributes that follow from other entries, from policies or from the DN, as one reader may see them. */
final class DerivedAttributes {

    private static final List<String> EVERY_HOST = List.of("ALL");

    private final DirectorySnapshot snapshot;
    private final DirectoryLayout layout;
    private final Admission admission;
    @Nullable
    private final Audience audience;

    /** @param audience of the container that reads; null if somebody else does */
    DerivedAttributes(DirectorySnapshot snapshot, Admission admission, @Nullable Audience audience) {
        this.snapshot = snapshot;
        this.admission = admission;
        this.audience = audience;
        layout = snapshot.layout;
    }

    /** The attribute as a PartialAttribute, or null if the entry has none. */
    byte[] attribute(Entry entry, AttributeType type) {
        if (entry.kind() == Entry.Kind.GROUP && (type == layout.member || type == layout.memberUid)) {
            var members = snapshot.membersOf.get(entry.id());
            return members == null ? null : audience == null ? members.attribute(type, snapshot) : audience.attribute(members, type, snapshot);
        }
        var values = new ArrayList<byte[]>();
        anyValue(entry, type, (buffer, offset, length) -> {
            values.add(Arrays.copyOfRange(buffer, offset, offset + length));
            return false;
        });
        return values.isEmpty() ? null : new BerWriter(256).attribute(type.name(), values).toByteArray();
    }

    boolean anyValue(Entry entry, AttributeType type, Entry.ValueTest test) {
        if (type == layout.entryDn) {
            return testBytes(test, entry.dnBytes());
        }
        return switch (entry.kind()) {
            case PERSON -> type == layout.memberOf ? anyName(snapshot.groups(entry.id()), test)
                    : type == layout.host && anyText(admission.hosts(entry, snapshot), test);
            case GROUP -> type == layout.memberOf ? anyName(snapshot.groups(entry.id()), test)
                    : type == layout.member ? anyName(members(entry), test)
                    : type == layout.memberUid
                    && !members(entry).forEach(person -> !snapshot.entries.get(person).anyValue(layout.uid, test));
            case CONTAINER -> type == layout.hasSubordinates
                    && anyText(List.of(snapshot.children(entry.id()).isEmpty() ? "FALSE" : "TRUE"), test);
            case SUDO_ROLE -> type == layout.sudoUser ? anyText(sudoUsers(entry), test)
                    : type == layout.sudoHost && anyText(sudoHosts(entry), test);
            default -> false;
        };
    }

    private IntSet members(Entry group) {
        var members = snapshot.members(group.id());
        return audience == null ? members : audience.among(members);
    }

    private List<String> sudoUsers(Entry role) {
        var targets = snapshot.sudoPolicies.get(role.id()).targets();
        var names = new ArrayList<String>();
        for (int gidNumber : targets.groups()) {
            var group = snapshot.groupIds.get(gidNumber);
            if (group != null) {
                names.add("%" + snapshot.entries.get(group).firstValue(layout.cn));
            }
        }
        for (int uidNumber : targets.users()) {
            var person = snapshot.person(uidNumber);
            if (person != null && (audience == null || audience.contains(person))) {
                names.add(snapshot.entries.get(person).firstValue(layout.uid));
            }
        }
        names.sort(null);
        return names;
    }

    /** A container sees the roles that count there, whatever it believes its own name to be. */
    private List<String> sudoHosts(Entry role) {
        return audience == null ? admission.hostnames(snapshot.sudoPolicies.get(role.id())) : EVERY_HOST;
    }

    private boolean anyName(IntSet named, Entry.ValueTest test) {
        return !named.forEach(id -> !testBytes(test, snapshot.entries.get(id).dnBytes()));
    }

    private static boolean anyText(List<String> texts, Entry.ValueTest test) {
        for (var text : texts) {
            if (testBytes(test, text.getBytes(StandardCharsets.UTF_8))) {
                return true;
            }
        }
        return false;
    }

    private static boolean testBytes(Entry.ValueTest test, byte[] value) {
        return test.test(value, 0, value.length);
    }
}
