package io.gatehouse.access;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** What policies refer to by its name: whom they are about, and where they count. */
enum ReferenceKind {

    USER("uid_number", "select uid_number from users where username = :name"),
    GROUP("gid_number", "select gid_number from groups where cn = :name"),
    SITE("site_id", "select id from sites where name = :name"),
    NODE("node_id", "select id from nodes where lower(name) = lower(:name)"),
    CONTAINER("container_id", "select id from containers where hostname = lower(:name)"),
    /** A network is its own name. */
    CIDR("network", "select cast(:name as cidr)::text");

    private final String column;
    private final String key;

    ReferenceKind(String column, String key) {
        this.column = column;
        this.key = key;
    }

    /** {@code user}, say. */
    String text() {
        return name().toLowerCase(Locale.ROOT);
    }

    static Optional<ReferenceKind> of(String text) {
        return Stream.of(values()).filter(kind -> kind.text().equals(text)).findFirst();
    }

    /** Where tables of policies keep the key. */
    String column() {
        return column;
    }

    /** SQL that finds the key of {@code :name}. */
    String key() {
        return key;
    }
}
