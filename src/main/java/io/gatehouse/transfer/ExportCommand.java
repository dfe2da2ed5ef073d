package io.gatehouse.transfer;

import com.unboundid.ldap.sdk.DN;
import com.unboundid.ldap.sdk.Entry;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.RDN;
import com.unboundid.ldif.LDIFWriter;
import com.unboundid.util.json.JSONObject;
import com.unboundid.util.json.JSONString;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * {@code ./gatehouse export}: the active people and the groups as LDIF for OpenLDAP's slapadd(8), by the schema files that come with
 * it (core, cosine, inetorgperson, nis). Password hashes do not leave the server.
 */
public final class ExportCommand {

    public static final String NAME = "export";

    private static final int DONE = 0;
    private static final int USAGE = 2;
    private static final int FAILED = 3;
    private static final String DEFAULT_BASE = "dc=cluster,dc=internal";

    private static final String HELP = """
            Usage: ./gatehouse export [options] > FILE

              Writes LDIF that OpenLDAP's slapadd takes: the active people and the groups. Passwords are not in it.

              --base DN       of the tree (GATEHOUSE_LDAP_BASE_DN; dc=cluster,dc=internal)
              --ssh-keys      with SSH keys, for which OpenLDAP needs the schema openssh-lpk
              --url, --token, --ca   as for import

            Ends with 0 if everything was written.""";

    private final DN base;
    private final boolean withKeys;
    private final LDIFWriter target;

    private ExportCommand(DN base, boolean withKeys, LDIFWriter target) {
        this.base = base;
        this.withKeys = withKeys;
        this.target = target;
    }

    /** @return the exit code */
    public static int run(List<String> words, Map<String, String> environment, PrintStream out, PrintStream err) {
        try {
            var arguments = Arguments.parse(words, Set.of("--base"), Set.of("--ssh-keys", "--help"));
            if (arguments.has("--help")) {
                out.println(HELP);
                return DONE;
            }
            if (!arguments.files().isEmpty()) {
                err.println(HELP);
                return USAGE;
            }
            var base = base(arguments.value("--base").orElse(environment.getOrDefault("GATEHOUSE_LDAP_BASE_DN", DEFAULT_BASE)));
            try (var server = arguments.server(environment); var target = new LDIFWriter(out)) {
                // Read whole first: half a file would be taken for all of it.
                var users = server.all("/users");
                var groups = server.all("/groups");
                new ExportCommand(base, arguments.has("--ssh-keys"), target).write(users, groups, err);
            }
            return DONE;
        } catch (Refused e) {
            err.println("gatehouse: " + ImportCommand.printable(e.getMessage()));
        } catch (IOException e) {
            err.println("gatehouse: The file cannot be written: " + e.getMessage());
        }
        return FAILED;
    }

    private static DN base(String text) {
        try {
            var base = new DN(text);
            if (base.getRDN() != null && !base.getRDN().isMultiValued() && Set.of("dc", "o", "ou").contains(base.getRDN().getAttributeNames()[0].toLowerCase(Locale.ROOT))) {
                return base;
            }
        } catch (LDAPException e) {
            // Refused below.
        }
        throw new Refused("'" + text + "' is no base: one that starts with dc=, o= or ou= is needed.");
    }

    private void write(List<JSONObject> users, List<JSONObject> groups, PrintStream err) throws IOException {
        var kind = base.getRDN().getAttributeNames()[0].toLowerCase(Locale.ROOT);
        var name = base.getRDN().getAttributeValues()[0];
        var top = new Entry(base);
        switch (kind) {
            case "dc" -> {
                top.addAttribute("objectClass", "top", "dcObject", "organization");
                top.addAttribute("o", name);
            }
            case "o" -> top.addAttribute("objectClass", "top", "organization");
            default -> top.addAttribute("objectClass", "top", "organizationalUnit");
        }
        top.addAttribute(kind, name);
        target.writeEntry(top);
        var people = branch("people");
        var groupBranch = branch("groups");
        var members = new TreeMap<String, Set<String>>();
        int left = 0;
        for (var user : users) {
            if (user.getFieldAsString("status").equals("active")) {
                target.writeEntry(person(people, user));
                // Flat: posixGroup knows no groups in groups.
                user.getFieldAsArray("effectiveGroups").forEach(cn ->
                        members.computeIfAbsent(((JSONString) cn).stringValue(), same -> new TreeSet<>()).add(user.getFieldAsString("username")));
            } else {
                left++;
            }
        }
        for (var group : groups) {
            target.writeEntry(group(groupBranch, group, members.getOrDefault(group.getFieldAsString("cn"), Set.of())));
        }
        err.println("gatehouse: " + (users.size() - left) + " people and " + groups.size() + " groups were written; " + left
                + " people who are not active were left out.");
    }

    private DN branch(String name) throws IOException {
        var dn = new DN(new RDN("ou", name), base);
        var entry = new Entry(dn);
        entry.addAttribute("objectClass", "top", "organizationalUnit");
        entry.addAttribute("ou", name);
        target.writeEntry(entry);
        return dn;
    }

    private Entry person(DN people, JSONObject user) {
        var entry = new Entry(new DN(new RDN("uid", user.getFieldAsString("username")), people));
        entry.addAttribute("objectClass", "top", "person", "organizationalPerson", "inetOrgPerson", "posixAccount");
        entry.addAttribute("uid", user.getFieldAsString("username"));
        for (var field : List.of("cn", "sn", "givenName", "mail", "gecos", "homeDirectory", "loginShell")) {
            var value = user.getFieldAsString(field);
            if (value != null) {
                entry.addAttribute(field, value);
            }
        }
        entry.addAttribute("uidNumber", String.valueOf(user.getFieldAsInteger("uidNumber")));
        entry.addAttribute("gidNumber", String.valueOf(user.getFieldAsInteger("gidNumber")));
        if (Boolean.TRUE.equals(user.getFieldAsBoolean("passwordChangeRequired"))) {
            entry.addAttribute("objectClass", "shadowAccount");
            entry.addAttribute("shadowLastChange", PasswdFiles.TO_BE_CHANGED);
        }
        var keys = user.getFieldAsArray("sshPublicKeys");
        if (withKeys && !keys.isEmpty()) {
            entry.addAttribute("objectClass", "ldapPublicKey");
            keys.forEach(key -> entry.addAttribute("sshPublicKey", ((JSONString) key).stringValue()));
        }
        return entry;
    }

    private static Entry group(DN groups, JSONObject group, Set<String> members) {
        var entry = new Entry(new DN(new RDN("cn", group.getFieldAsString("cn")), groups));
        entry.addAttribute("objectClass", "top", "posixGroup");
        entry.addAttribute("cn", group.getFieldAsString("cn"));
        entry.addAttribute("gidNumber", String.valueOf(group.getFieldAsInteger("gidNumber")));
        if (group.getFieldAsString("description") != null) {
            entry.addAttribute("description", group.getFieldAsString("description"));
        }
        if (!members.isEmpty()) {
            entry.addAttribute("memberUid", members);
        }
        return entry;
    }
}
