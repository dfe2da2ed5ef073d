package io.gatehouse.directory;

import com.unboundid.ldap.sdk.DN;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.SearchScope;
import io.gatehouse.directory.Entry.Kind;
import io.gatehouse.directory.SearchFilter.Truth;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/** One snapshot as one reader may see it. */
public final class DirectoryView {

    /** What one person sees of the others. */
    private static final Set<String> POSIX_VIEW = Set.of("objectClass", "uid", "cn", "gecos", "uidNumber", "gidNumber",
            "homeDirectory", "loginShell", "memberOf", "memberUid", "member", "description", "entryDN", "entryUUID", "entryUSN",
            "structuralObjectClass", "subschemaSubentry", "hasSubordinates", "createTimestamp", "modifyTimestamp");

    /** Takes the entries that a search finds, in the order of their ids. */
    public interface Visitor {

        /** @return whether to go on */
        boolean visit(Entry entry);
    }

    /** Which attributes of an entry are shown. */
    public enum Extent {

        /** Every one. */
        WHOLE,
        /** What one person sees of the others. */
        POSIX,
        /** All but where else somebody may log in, which is no container's business. */
        LOGIN
    }

    private final DirectorySnapshot snapshot;
    private final Access access;
    private final int self;
    private final Admission admission;
    private final int container;
    private final Audience audience;
    private final DerivedAttributes derived;

    private DirectoryView(DirectorySnapshot snapshot, Access access, int self, Instant now) {
        this.snapshot = snapshot;
        this.access = access;
        this.self = self;
        admission = snapshot.admission(now);
        container = access == Access.MACHINE ? snapshot.containers.get(self) : Entry.NO_PARENT;
        audience = access == Access.MACHINE ? admission.audience(container, snapshot) : null;
        derived = new DerivedAttributes(snapshot, admission, audience);
    }

    /** @param reader null: anonymous */
    public static DirectoryView of(DirectorySnapshot snapshot, Principal reader, Instant now) {
        if (reader == null) {
            return new DirectoryView(snapshot, Access.NOTHING, Entry.NO_PARENT, now);
        }
        var access = switch (reader.type()) {
            case SERVICE_ACCOUNT -> Access.SERVICE_ACCOUNT;
            case MACHINE -> Access.MACHINE;
            case PERSON -> snapshot.isAdministrator(reader) ? Access.ADMINISTRATOR : Access.PERSON;
        };
        return new DirectoryView(snapshot, access, reader.entryId(), now);
    }

    /** Whether it is of this snapshot, and of a time in which the same policies count as now. */
    public boolean isCurrent(DirectorySnapshot present) {
        var until = admission.until();
        return snapshot == present && (until == Instant.MAX || Instant.now().isBefore(until));
    }

    public DirectorySnapshot snapshot() {
        return snapshot;
    }

    public boolean isAnonymous() {
        return access == Access.NOTHING;
    }

    public boolean isAdministrator() {
        return access == Access.ADMINISTRATOR;
    }

    /** The entry of this name, or null if there is none for this reader. */
    public Entry find(Dn dn) {
        var entry = snapshot.find(dn);
        return entry != null && shows(entry) ? entry : null;
    }

    /** The nearest entry above that exists for this reader, as an LDAP result's matchedDN; empty if there is none. */
    public String matchedDn(Dn dn) {
        for (var ancestor = dn.parent(); !ancestor.isRoot(); ancestor = ancestor.parent()) {
            var entry = find(ancestor);
            if (entry != null) {
                return entry.dn();
            }
        }
        return "";
    }

    public boolean shows(Entry entry) {
        return switch (access) {
            case NOTHING -> false;
            case ADMINISTRATOR -> isInForce(entry);
            case SERVICE_ACCOUNT -> (entry.kind() != Kind.SERVICE_ACCOUNT || entry.id() == self) && isInForce(entry);
            case MACHINE -> isForMachine(entry);
            case PERSON -> switch (entry.kind()) {
                case CONTAINER, PERSON, GROUP -> true;
                case SUDO_ROLE, SERVICE_ACCOUNT, HOST, POLICY -> false;
            };
        };
    }

    /** A role that stands for a policy is there while the policy counts. */
    private boolean isInForce(Entry entry) {
        var policy = entry.kind() == Kind.SUDO_ROLE ? snapshot.sudoPolicies.get(entry.id()) : null;
        return policy == null || admission.isInForce(policy);
    }

    /** Whether the container whose account reads may see the entry. Who may not log in there does not exist for it. */
    private boolean isForMachine(Entry entry) {
        return switch (entry.kind()) {
            case CONTAINER, POLICY -> true;
            case PERSON -> audience.contains(entry.id());
            case GROUP -> {
                var person = snapshot.privateGroups.get(entry.id());
                yield person == null || audience.contains(person);
            }
            case SUDO_ROLE -> {
                var policy = snapshot.sudoPolicies.get(entry.id());
                yield policy == null || admission.counts(policy, container);
            }
            case SERVICE_ACCOUNT -> false;
            case HOST -> entry.id() == self;
        };
    }

    public Extent extent(Entry entry) {
        return switch (access) {
            case PERSON -> entry.id() == self ? Extent.WHOLE : Extent.POSIX;
            case MACHINE -> Extent.LOGIN;
            case NOTHING, SERVICE_ACCOUNT, ADMINISTRATOR -> Extent.WHOLE;
        };
    }

    public boolean shows(Entry entry, AttributeType type) {
        return switch (extent(entry)) {
            case WHOLE -> true;
            case POSIX -> POSIX_VIEW.contains(type.name());
            case LOGIN -> type != snapshot.layout.host;
        };
    }

    /** Whether the filter is true for the entry. */
    public boolean matches(Entry entry, Filter filter) {
        return matches(new FilterCompiler(this).compile(filter), entry);
    }

    /**
     * Visits what the filter is true for, in the order of the entries' ids.
     *
     * @param first the smallest id to visit
     * @param step  run for each entry that is looked at; may throw to end the search
     * @return whether the visitor went on to the end
     */
    public boolean search(Entry base, SearchScope scope, Filter filter, int first, Runnable step, Visitor visitor) {
        var compiled = new FilterCompiler(this).compile(filter);
        if (scope == SearchScope.BASE) {
            return base.id() < first || !matches(compiled, base) || visitor.visit(base);
        }
        var candidates = compiled.candidates(snapshot);
        if (scope == SearchScope.ONE) {
            var below = snapshot.children(base.id());
            return (candidates == null || below.size() < candidates.size() ? below : candidates).forEachFrom(first, id -> {
                step.run();
                var entry = snapshot.entries.get(id);
                return entry.parent() != base.id() || !matches(compiled, entry) || visitor.visit(entry);
            });
        }
        if (candidates != null) {
            return candidates.forEachFrom(first, id -> {
                step.run();
                var entry = snapshot.entries.get(id);
                return !isWithin(entry, base) || !matches(compiled, entry) || visitor.visit(entry);
            });
        }
        return snapshot.entries.forEachFrom(first, (id, entry) -> {
            step.run();
            return !isWithin(entry, base) || !matches(compiled, entry) || visitor.visit(entry);
        });
    }

    /**
     * The order by an attribute's smallest value; to have none is larger than all (RFC 2891 section 2.2).
     *
     * @param rule null for the attribute's own
     * @return null if the schema knows no such order
     */
    public Comparator<Entry> order(String attribute, String rule, boolean reverse) {
        var type = snapshot.layout.schema().find(attribute);
        if (type == null) {
            return null;
        }
        var own = type.ordering() == null ? type.equality() : type.ordering();
        var named = rule == null ? null : snapshot.layout.schema().rule(rule);
        var by = rule == null ? own : named == null ? null : named.rule();
        if (by == null || own == null || by.family() != own.family()) {
            return null;
        }
        var keys = new HashMap<Integer, String>();
        Function<Entry, String> key = entry -> keys.computeIfAbsent(entry.id(), id -> smallest(entry, type, by));
        var ascending = Comparator.comparing(key, Comparator.nullsLast(by.order()));
        return reverse ? ascending.reversed() : ascending;
    }

    /** Whether the schema has an attribute type of this name. */
    public boolean knows(String attribute) {
        return snapshot.layout.schema().find(attribute) != null;
    }

    private String smallest(Entry entry, AttributeType type, MatchingRule rule) {
        var smallest = new String[1];
        anyValue(entry, type, (buffer, offset, length) -> {
            var value = rule.normalize(buffer, offset, length);
            if (value != null && (smallest[0] == null || rule.order().compare(value, smallest[0]) < 0)) {
                smallest[0] = value;
            }
            return false;
        });
        return smallest[0];
    }

    Truth anyValue(Entry entry, AttributeType type, Entry.ValueTest test) {
        return shows(entry, type) ? Truth.of(holds(entry, type, test)) : Truth.UNDEFINED;
    }

    Truth isPresent(Entry entry, AttributeType type) {
        return entry.shape().position(type) >= 0 && shows(entry, type) ? Truth.TRUE : anyValue(entry, type, (buffer, offset, length) -> true);
    }

    private boolean holds(Entry entry, AttributeType type, Entry.ValueTest test) {
        return isDerived(entry, type) ? derived.anyValue(entry, type, test) : entry.anyValue(type, test);
    }

    private boolean isDerived(Entry entry, AttributeType type) {
        return snapshot.layout.isDerived(type) && entry.shape().position(type) < 0;
    }

    /** The values of an attribute that is shown, copied. */
    public List<byte[]> values(Entry entry, AttributeType type) {
        var values = new ArrayList<byte[]>();
        holds(entry, type, (buffer, offset, length) -> {
            values.add(Arrays.copyOfRange(buffer, offset, offset + length));
            return false;
        });
        return values;
    }

    /** An attribute that is shown and not stored, as a PartialAttribute, or null if the entry has none. */
    public byte[] derivedAttribute(Entry entry, AttributeType type) {
        return derived.attribute(entry, type);
    }

    boolean nameHolds(Entry entry, AttributeType type, Entry.ValueTest test) {
        try {
            for (var rdn : new DN(entry.dn()).getRDNs()) {
                var names = rdn.getAttributeNames();
                for (int i = 0; i < names.length; i++) {
                    var value = rdn.getByteArrayAttributeValues()[i];
                    if (snapshot.layout.schema().find(names[i]) == type && test.test(value, 0, value.length)) {
                        return true;
                    }
                }
            }
            return false;
        } catch (LDAPException e) {
            throw new IllegalStateException("an entry's DN does not parse: " + entry.dn(), e);
        }
    }

    private boolean matches(SearchFilter filter, Entry entry) {
        return shows(entry) && filter.test(entry, this) == Truth.TRUE;
    }

    private boolean isWithin(Entry entry, Entry base) {
        for (int id = entry.id(); id != Entry.NO_PARENT; id = snapshot.entries.get(id).parent()) {
            if (id == base.id()) {
                return true;
            }
        }
        return false;
    }
}
