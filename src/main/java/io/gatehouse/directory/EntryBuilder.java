package io.gatehouse.directory;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Collects an entry's attributes and encodes them. */
final class EntryBuilder {

    private final DirectorySchema schema;
    private final BerWriter encoded = new BerWriter(1024);
    private final List<AttributeType> types = new ArrayList<>();

    EntryBuilder(DirectorySchema schema, String dn) {
        this.schema = schema;
        encoded.octetString(dn);
    }

    /** Null values are left out, and an attribute without values with them. */
    EntryBuilder put(String name, Object... values) {
        var present = new ArrayList<byte[]>(values.length);
        for (var value : values) {
            if (value != null) {
                present.add(value.toString().getBytes(StandardCharsets.UTF_8));
            }
        }
        if (!present.isEmpty()) {
            var type = schema.attribute(name);
            types.add(type);
            encoded.attribute(type.name(), present);
        }
        return this;
    }

    Entry build(int id, int parent, Entry.Kind kind) {
        return new Entry(id, parent, kind, Shape.of(types), encoded.toByteArray());
    }
}
