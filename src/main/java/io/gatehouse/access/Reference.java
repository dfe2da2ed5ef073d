package io.gatehouse.access;

import io.gatehouse.platform.Network;
import io.gatehouse.platform.Problem;

/** A thing by its name, as {@code group:devs} or {@code cidr:10.0.0.0/8}. */
record Reference(ReferenceKind kind, String name) {

    /** @param text as {@link #toString} gives it */
    static Reference parse(String text) {
        int colon = text.indexOf(':');
        return new Reference(ReferenceKind.of(text.substring(0, colon)).orElseThrow(), text.substring(colon + 1));
    }

    /**
     * @param field of the name
     * @throws Problem if nothing of that kind can have this name
     */
    static Reference of(ReferenceKind kind, String field, String name) {
        if (kind != ReferenceKind.CIDR) {
            return new Reference(kind, name);
        }
        try {
            return new Reference(kind, Network.parse(name).toString());
        } catch (IllegalArgumentException e) {
            throw Problem.invalid(field, name, e.getMessage());
        }
    }

    @Override
    public String toString() {
        return kind.text() + ":" + name;
    }
}
