package io.gatehouse.directory;

import com.unboundid.ldap.sdk.DN;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.RDN;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * A distinguished name (RFC 4514) in a form that is equal for all spellings of it: attribute types by their canonical name,
 * values by their attribute's equality rule.
 *
 * @param rdns normalized, the entry's own first
 * @param key  all of them in one text, equal for equal names only
 */
public record Dn(List<String> rdns, String key) {

    public static final Dn ROOT = new Dn(List.of());

    private Dn(List<String> rdns) {
        this(List.copyOf(rdns), String.join(",", rdns));
    }

    /** The name, or null if the text is none. */
    public static Dn parse(String text, DirectorySchema schema) {
        // The SDK takes spaces alone for the empty name.
        if (!text.isEmpty() && text.isBlank()) {
            return null;
        }
        try {
            var parsed = new DN(text, null, true);
            var rdns = new ArrayList<String>(parsed.getRDNs().length);
            for (var rdn : parsed.getRDNs()) {
                var normal = normalize(rdn, schema);
                if (normal == null) {
                    return null;
                }
                rdns.add(normal);
            }
            return new Dn(rdns);
        } catch (LDAPException e) {
            return null;
        }
    }

    public Dn child(String normalizedRdn) {
        var longer = new ArrayList<String>(rdns.size() + 1);
        longer.add(normalizedRdn);
        longer.addAll(rdns);
        return new Dn(longer);
    }

    public Dn parent() {
        return rdns.isEmpty() ? ROOT : new Dn(rdns.subList(1, rdns.size()));
    }

    public String rdn() {
        return rdns.getFirst();
    }

    public boolean isRoot() {
        return rdns.isEmpty();
    }

    private static String normalize(RDN rdn, DirectorySchema schema) {
        var names = rdn.getAttributeNames();
        var values = rdn.getByteArrayAttributeValues();
        var pairs = new String[names.length];
        for (int i = 0; i < names.length; i++) {
            var type = schema.find(names[i]);
            var rule = type == null || type.equality() == null || type.isDistinguishedName() ? MatchingRule.CASE_IGNORE : type.equality();
            var value = rule.normalize(values[i], 0, values[i].length);
            if (value == null) {
                return null;
            }
            pairs[i] = (type == null ? names[i].toLowerCase(Locale.ROOT) : type.name().toLowerCase(Locale.ROOT)) + "=" + escape(value);
        }
        Arrays.sort(pairs);
        return String.join("+", pairs);
    }

    private static String escape(String value) {
        return value.indexOf(',') < 0 && value.indexOf('+') < 0 && value.indexOf('\\') < 0
                ? value
                : value.replace("\\", "\\\\").replace(",", "\\,").replace("+", "\\+");
    }
}
