package io.gatehouse.directory;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Collects an entry's attributes and encodes them: first those that all entries of its kind share, then its own. */
final class EntryBuilder {

    private final DirectorySchema schema;
    private final BerWriter constants = new BerWriter(256);
    private final BerWriter own = new BerWriter(1024);
    private final List<AttributeType> types = new ArrayList<>();
    private int constantCount;

    EntryBuilder(DirectorySchema schema, String dn) {
        this.schema = schema;
        own.octetString(dn);
    }

    /** An attribute that every entry of this kind has with these values; before any {@link #put}. */
    EntryBuilder constant(String name, Object... values) {
        add(constants, name, values);
        constantCount = types.size();
        return this;
    }

    /** Null values are left out, and an attribute without values with them. */
    EntryBuilder put(String name, Object... values) {
        add(own, name, values);
        return this;
    }

    Entry build(int id, int parent, Entry.Kind kind) {
        return new Entry(id, parent, kind, Shape.of(types, constantCount, constants.toByteArray()), own.toByteArray());
    }

    private void add(BerWriter target, String name, Object... values) {
        var present = new ArrayList<byte[]>(values.length);
        for (var value : values) {
            if (value != null) {
                present.add(value.toString().getBytes(StandardCharsets.UTF_8));
            }
        }
        if (!present.isEmpty()) {
            var type = schema.attribute(name);
            types.add(type);
            target.attribute(type.name(), present);
        }
    }
}
