package io.gatehouse.directory;

import java.util.List;

/**
 * An attribute of the schema (RFC 4512 section 2.5), with the rules its values are compared by; a rule it lacks is null, and
 * an assertion that needs it is Undefined.
 */
public final class AttributeType {

    private final String name;
    private final int index;
    private final boolean operational;
    private final MatchingRule equality;
    private final MatchingRule ordering;
    private final MatchingRule substring;
    private List<AttributeType> withSubtypes = List.of();

    AttributeType(String name, int index, boolean operational, MatchingRule equality, MatchingRule ordering, MatchingRule substring) {
        this.name = name;
        this.index = index;
        this.operational = operational;
        this.equality = equality;
        this.ordering = ordering;
        this.substring = substring;
    }

    public String name() {
        return name;
    }

    /** A small number of its own, dense from 0. */
    public int index() {
        return index;
    }

    public boolean isOperational() {
        return operational;
    }

    MatchingRule equality() {
        return equality;
    }

    MatchingRule ordering() {
        return ordering;
    }

    MatchingRule substring() {
        return substring;
    }

    public boolean allowsEquality() {
        return equality != null;
    }

    /** Whether a value is of this attribute's syntax, as far as its equality rule can tell. */
    public boolean isValid(byte[] value) {
        return equality == null || equality.normalize(value) != null;
    }

    /** Whether the values are names of entries. */
    public boolean isDistinguishedName() {
        return equality != null && equality.family() == MatchingRule.Family.NAME;
    }

    /** Itself and all that are derived from it: an assertion about a type is one about its subtypes as well. */
    public List<AttributeType> withSubtypes() {
        return withSubtypes;
    }

    void setWithSubtypes(List<AttributeType> types) {
        withSubtypes = types;
    }

    @Override
    public String toString() {
        return name;
    }
}
