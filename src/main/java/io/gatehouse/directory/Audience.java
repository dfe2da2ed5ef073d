package io.gatehouse.directory;

import io.gatehouse.directory.persistent.IntSet;
import java.lang.ref.SoftReference;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** The people whom one container is shown: those who may log in there. */
final class Audience {

    private static final byte[] NONE = {};

    private final IntSet people;
    private final Map<MemberList, SoftReference<byte[]>> member = new ConcurrentHashMap<>();
    private final Map<MemberList, SoftReference<byte[]>> memberUid = new ConcurrentHashMap<>();

    Audience(IntSet people) {
        this.people = people;
    }

    boolean contains(int person) {
        return people.contains(person);
    }

    /** Those of them who are among these. */
    IntSet among(IntSet others) {
        return people.containsAll(others) ? others : others.minus(others.minus(people));
    }

    /** The attribute {@code member} or {@code memberUid} of a group, or null if it has none for this audience. */
    byte[] attribute(MemberList list, AttributeType type, DirectorySnapshot snapshot) {
        var kept = type == snapshot.layout.member ? member : memberUid;
        var reference = kept.get(list);
        var encoded = reference == null ? null : reference.get();
        if (encoded == null) {
            var members = list.people(snapshot);
            var shown = among(members);
            encoded = shown.isEmpty() ? NONE : shown == members ? list.attribute(type, snapshot) : MemberList.encode(type, snapshot, shown);
            kept.put(list, new SoftReference<>(encoded));
        }
        return encoded == NONE ? null : encoded;
    }
}
