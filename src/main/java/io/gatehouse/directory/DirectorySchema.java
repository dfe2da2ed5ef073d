package io.gatehouse.directory;

import com.unboundid.ldap.sdk.ReadOnlyEntry;
import com.unboundid.ldap.sdk.schema.AttributeTypeDefinition;
import com.unboundid.ldap.sdk.schema.AttributeUsage;
import com.unboundid.ldap.sdk.schema.ObjectClassDefinition;
import com.unboundid.ldap.sdk.schema.Schema;
import com.unboundid.ldif.LDIFException;
import io.gatehouse.platform.StartupFailure;
import jakarta.inject.Singleton;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/** The schema that the server loads from {@code ldap-schema/*.ldif}, checks entries by, and publishes. */
@Singleton
public final class DirectorySchema {

    public static final String DN = "cn=schema";

    private static final Pattern OBJECT_IDENTIFIER = Pattern.compile("(0|[1-9][0-9]*)(\\.(0|[1-9][0-9]*))+");
    private static final List<String> FILES = List.of("00-core", "01-cosine", "02-inetorgperson", "03-rfc2307bis",
            "04-openssh-lpk", "05-sudo", "06-ppolicy", "07-memberof");

    private final Schema definitions;
    private final Map<String, AttributeType> types = new HashMap<>();
    private final List<AttributeType> all = new ArrayList<>();
    private final Map<String, MatchingRule.Named> rules = new HashMap<>(MatchingRule.BY_NAME);
    private final Map<String, String> objectIdentifiers = new HashMap<>();

    DirectorySchema() {
        definitions = load();
        rules.put("distinguishednamematch", new MatchingRule.Named(MatchingRule.distinguishedName(this), MatchingRule.Kind.EQUALITY));
        rules.put("objectidentifiermatch", new MatchingRule.Named(MatchingRule.objectIdentifier(this), MatchingRule.Kind.EQUALITY));
        for (var rule : definitions.getMatchingRules()) {
            var known = rules.get(lower(rule.getNameOrOID()));
            if (known != null) {
                rules.put(rule.getOID(), known);
            }
        }
        for (var definition : definitions.getAttributeTypes()) {
            add(definition);
        }
        for (var type : all) {
            var definition = definitions.getAttributeType(type.name());
            var family = new ArrayList<AttributeType>(List.of(type));
            definitions.getSubordinateAttributeTypes(definition).forEach(sub -> family.add(types.get(sub.getOID())));
            type.setWithSubtypes(List.copyOf(family));
        }
        for (var objectClass : definitions.getObjectClasses()) {
            identify(objectClass.getOID(), objectClass.getNames(), objectClass.getNameOrOID());
        }
    }

    /** The type by any of its names or its OID, in any case; null if there is none. Options are not part of the name. */
    public AttributeType find(String nameOrOid) {
        var exact = types.get(nameOrOid);
        return exact != null ? exact : types.get(lower(nameOrOid));
    }

    /** @throws IllegalArgumentException if the schema lacks it */
    public AttributeType attribute(String name) {
        var type = find(name);
        if (type == null) {
            throw new IllegalArgumentException("no attribute type " + name);
        }
        return type;
    }

    /** Every attribute type, by its index. */
    List<AttributeType> all() {
        return all;
    }

    /** The rule by its name or its OID, or null. */
    MatchingRule.Named rule(String nameOrOid) {
        return rules.get(lower(nameOrOid));
    }

    /** The attributes that an object class requires or allows, for {@code @class} in a search (RFC 4529); empty if unknown. */
    public Collection<AttributeType> attributesOf(String objectClass) {
        var definition = definitions.getObjectClass(objectClass);
        if (definition == null) {
            return List.of();
        }
        Set<AttributeType> attributes = new LinkedHashSet<>();
        var classes = new ArrayList<ObjectClassDefinition>(definition.getSuperiorClasses(definitions, true));
        classes.add(definition);
        for (var each : classes) {
            for (var name : each.getRequiredAttributes()) {
                attributes.add(attribute(name));
            }
            for (var name : each.getOptionalAttributes()) {
                attributes.add(attribute(name));
            }
        }
        return attributes;
    }

    /** What {@code cn=schema} holds. */
    public ReadOnlyEntry subschema() {
        var entry = definitions.getSchemaEntry().duplicate();
        entry.addAttribute("cn", "schema");
        return new ReadOnlyEntry(entry);
    }

    /** Null for a name that the schema does not know: what it stands for is undefined (RFC 4517 section 4.2.26). */
    String canonicalObjectIdentifier(String nameOrOid) {
        var known = objectIdentifiers.get(lower(nameOrOid));
        if (known != null) {
            return known;
        }
        return OBJECT_IDENTIFIER.matcher(nameOrOid).matches() ? lower(nameOrOid) : null;
    }

    private void add(AttributeTypeDefinition definition) {
        var type = new AttributeType(definition.getNameOrOID(), all.size(),
                definition.getUsage() != AttributeUsage.USER_APPLICATIONS,
                inherited(definition.getEqualityMatchingRule(definitions)),
                inherited(definition.getOrderingMatchingRule(definitions)),
                inherited(definition.getSubstringMatchingRule(definitions)));
        all.add(type);
        types.put(definition.getOID(), type);
        for (var name : definition.getNames()) {
            types.put(name, type);
            types.put(lower(name), type);
        }
        identify(definition.getOID(), definition.getNames(), definition.getNameOrOID());
    }

    private MatchingRule inherited(String name) {
        var named = name == null ? null : rule(name);
        return named == null ? null : named.rule();
    }

    private void identify(String oid, String[] names, String canonical) {
        objectIdentifiers.put(oid, lower(canonical));
        for (var name : names) {
            objectIdentifiers.put(lower(name), lower(canonical));
        }
    }

    private static Schema load() {
        var parts = new Schema[FILES.size()];
        for (int i = 0; i < parts.length; i++) {
            var file = "ldap-schema/" + FILES.get(i) + ".ldif";
            try (var stream = DirectorySchema.class.getClassLoader().getResourceAsStream(file)) {
                if (stream == null) {
                    throw new StartupFailure("The schema file " + file + " is missing from the build; build again.");
                }
                parts[i] = Schema.getSchema(stream);
            } catch (IOException | LDIFException e) {
                throw new StartupFailure("The schema file " + file + " cannot be read: " + e.getMessage(), e);
            }
        }
        return Schema.mergeSchemas(parts);
    }

    private static String lower(String name) {
        return name.toLowerCase(Locale.ROOT);
    }
}
