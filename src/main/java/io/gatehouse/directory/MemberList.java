package io.gatehouse.directory;

import io.gatehouse.directory.persistent.IntSet;

/** The members of one group. The attributes that list them are encoded when first asked for, and kept until one changes. */
final class MemberList {

    private final IntSet members;
    private volatile byte[] member;
    private volatile byte[] memberUid;

    MemberList(IntSet members) {
        this.members = members;
    }

    IntSet members() {
        return members;
    }

    /** The PartialAttribute of {@code member} or {@code memberUid}, or null for other types or without members. */
    byte[] attribute(AttributeType type, DirectorySnapshot snapshot) {
        if (members.isEmpty()) {
            return null;
        }
        if (type == snapshot.layout.member) {
            if (member == null) {
                member = encode(type, snapshot, true);
            }
            return member;
        }
        if (type == snapshot.layout.memberUid) {
            if (memberUid == null) {
                memberUid = encode(type, snapshot, false);
            }
            return memberUid;
        }
        return null;
    }

    private byte[] encode(AttributeType type, DirectorySnapshot snapshot, boolean names) {
        var values = new BerWriter(members.size() * 16);
        members.forEach(id -> {
            var person = snapshot.entries.get(id);
            if (names) {
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
