package io.gatehouse.directory;

import io.gatehouse.directory.persistent.IntSet;
import java.lang.ref.SoftReference;

/**
 * The people in one group, right in it or in a group in it. Who that is, and the attributes that list them, are made when first
 * asked for, and kept until somebody comes or goes.
 */
final class MemberList {

    private final int group;
    private final IntSet direct;
    private volatile IntSet people;
    private volatile SoftReference<byte[]> member = new SoftReference<>(null);
    private volatile SoftReference<byte[]> memberUid = new SoftReference<>(null);

    /** @param direct those who are right in the group */
    MemberList(int group, IntSet direct) {
        this.group = group;
        this.direct = direct;
    }

    /** Those who are right in the group. */
    IntSet direct() {
        return direct;
    }

    IntSet people(DirectorySnapshot snapshot) {
        if (people == null) {
            people = collect(snapshot);
        }
        return people;
    }

    private IntSet collect(DirectorySnapshot snapshot) {
        var all = new IntSet[] {direct};
        snapshot.nesting.below(IntSet.of(group)).forEach(each -> {
            var list = snapshot.membersOf.get(each);
            all[0] = list == null ? all[0] : all[0].union(list.direct);
            return true;
        });
        return all[0];
    }

    /** The PartialAttribute of {@code member} or {@code memberUid}, or null without members. */
    byte[] attribute(AttributeType type, DirectorySnapshot snapshot) {
        if (people(snapshot).isEmpty()) {
            return null;
        }
        boolean names = type == snapshot.layout.member;
        var encoded = names ? member.get() : memberUid.get();
        if (encoded == null) {
            encoded = encode(type, snapshot, people(snapshot));
            if (names) {
                member = new SoftReference<>(encoded);
            } else {
                memberUid = new SoftReference<>(encoded);
            }
        }
        return encoded;
    }

    /** The PartialAttribute of {@code member} or {@code memberUid} that lists these people. */
    static byte[] encode(AttributeType type, DirectorySnapshot snapshot, IntSet people) {
        var values = new BerWriter(people.size() * 16);
        people.forEach(id -> {
            var person = snapshot.entries.get(id);
            if (type == snapshot.layout.member) {
                values.octetString(person.dnBytes());
            } else {
                person.anyValue(snapshot.layout.uid, (buffer, offset, length) -> {
                    values.header(BerWriter.OCTET_STRING, length).raw(buffer, offset, length);
                    return true;
                });
            }
            return true;
        });
        int setLength = BerWriter.elementLength(values.length());
        int nameLength = BerWriter.elementLength(type.name().length());
        return new BerWriter(setLength + nameLength + 8)
                .header(BerWriter.SEQUENCE, nameLength + setLength)
                .octetString(type.name())
                .header(BerWriter.SET, values.length())
                .raw(values.buffer(), 0, values.length())
                .toByteArray();
    }
}
