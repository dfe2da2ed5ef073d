package io.gatehouse.directory;

import com.unboundid.ldap.sdk.DN;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.RDN;
import io.gatehouse.platform.StartupFailure;
import jakarta.inject.Singleton;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The tree: its base, its branches, and the attribute types that the code must know by name. */
@Singleton
public final class DirectoryLayout {

    private static final String USER = "uid=";
    private static final List<String> BASE_TYPES = List.of("dc", "o", "ou");

    final AttributeType uid;
    final AttributeType uidNumber;
    final AttributeType gidNumber;
    final AttributeType cn;
    final AttributeType entryDn;
    final AttributeType member;
    final AttributeType memberUid;
    final AttributeType memberOf;
    final AttributeType hasSubordinates;
    final AttributeType host;
    final AttributeType sudoUser;
    final AttributeType sudoHost;
    final AttributeType userPassword;
    final boolean userPrivateGroups;
    private final DirectorySchema schema;
    private final String base;
    private final Dn baseDn;
    private final Dn peopleDn;
    private final Map<String, Dn> branches;
    private final List<AttributeType> derivedTypes;

    DirectoryLayout(DirectoryConfiguration configuration, DirectorySchema schema) {
        this.schema = schema;
        base = validated(configuration.baseDn());
        baseDn = Dn.parse(base, schema);
        peopleDn = Dn.parse(people(), schema);
        branches = Stream.of(base, people(), groups(), hosts(), sudoers(), services(), policies())
                .collect(Collectors.toUnmodifiableMap(text -> text, text -> Dn.parse(text, schema)));
        userPrivateGroups = configuration.userPrivateGroups();
        uid = schema.attribute("uid");
        uidNumber = schema.attribute("uidNumber");
        gidNumber = schema.attribute("gidNumber");
        cn = schema.attribute("cn");
        entryDn = schema.attribute("entryDN");
        member = schema.attribute("member");
        memberUid = schema.attribute("memberUid");
        memberOf = schema.attribute("memberOf");
        hasSubordinates = schema.attribute("hasSubordinates");
        host = schema.attribute("host");
        sudoUser = schema.attribute("sudoUser");
        sudoHost = schema.attribute("sudoHost");
        userPassword = schema.attribute("userPassword");
        derivedTypes = List.of(member, memberUid, memberOf, entryDn, hasSubordinates, host, sudoUser, sudoHost);
    }

    public DirectorySchema schema() {
        return schema;
    }

    public String base() {
        return base;
    }

    RDN baseRdn() {
        try {
            return new DN(base).getRDN();
        } catch (LDAPException e) {
            throw invalid(base);
        }
    }

    public Dn baseDn() {
        return baseDn;
    }

    Dn peopleDn() {
        return peopleDn;
    }

    public String people() {
        return "ou=people," + base;
    }

    public String groups() {
        return "ou=groups," + base;
    }

    public String hosts() {
        return "ou=hosts," + base;
    }

    public String sudoers() {
        return "ou=sudoers," + base;
    }

    public String services() {
        return "ou=services," + base;
    }

    public String policies() {
        return "ou=policies," + base;
    }

    public String passwordPolicy() {
        return "cn=ppolicy," + policies();
    }

    String person(String username) {
        return "uid=" + username + "," + people();
    }

    String group(String cn) {
        return "cn=" + cn + "," + groups();
    }

    String policySudoRole(String policy) {
        return sudoRole(policySudoRoleName(policy));
    }

    /** With a blank, which no group's name has. */
    String policySudoRoleName(String policy) {
        return "policy " + policy;
    }

    String sudoRole(String cn) {
        return "cn=" + cn + "," + sudoers();
    }

    public String host(String hostname) {
        return "cn=" + hostname + "," + hosts();
    }

    public String serviceAccount(String name) {
        return "cn=" + name + "," + services();
    }

    /** The DN of a text; that of a branch, which most searches name in its plain spelling, is at hand. Null if the text is none. */
    public Dn parse(String text) {
        var branch = branches.get(text);
        return branch == null ? Dn.parse(text, schema) : branch;
    }

    /** The user name that a DN stands for, whether there is such a person or not; null if it stands for none. */
    public String username(Dn dn) {
        boolean isPerson = dn.rdns().size() == peopleDn.rdns().size() + 1 && dn.rdn().startsWith(USER) && dn.parent().equals(peopleDn);
        return isPerson || isFlatUserName(dn) ? dn.rdn().substring(USER.length()) : null;
    }

    /** {@code uid=NAME} right below the base: how older deployments name a person. */
    boolean isFlatUserName(Dn dn) {
        return dn.rdns().size() == baseDn.rdns().size() + 1 && dn.rdn().startsWith(USER) && dn.parent().equals(baseDn);
    }

    /** The attributes that follow from other entries, from policies or from the DN, unless an entry has values of its own. */
    public List<AttributeType> derivedTypes() {
        return derivedTypes;
    }

    boolean isDerived(AttributeType type) {
        return type == member || type == memberUid || type == memberOf || type == entryDn || type == hasSubordinates
                || type == host || type == sudoUser || type == sudoHost;
    }

    private static String validated(String text) {
        try {
            var dn = new DN(text, null, true);
            var rdns = dn.getRDNs();
            if (rdns.length > 0 && rdns[0].getAttributeNames().length == 1
                    && BASE_TYPES.contains(rdns[0].getAttributeNames()[0].toLowerCase(Locale.ROOT))) {
                return dn.toMinimallyEncodedString();
            }
        } catch (LDAPException e) {
            throw invalid(text);
        }
        throw invalid(text);
    }

    private static StartupFailure invalid(String text) {
        return new StartupFailure("GATEHOUSE_LDAP_BASE_DN '" + text + "' is not a base DN: one that starts with dc=, o= or ou= "
                + "is needed, such as dc=cluster,dc=internal.");
    }
}
