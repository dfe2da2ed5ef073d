package io.gatehouse.transfer;

import com.unboundid.ldap.sdk.DN;
import com.unboundid.ldap.sdk.Entry;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.RDNNameValuePair;
import com.unboundid.ldif.LDIFException;
import com.unboundid.ldif.LDIFReader;
import com.unboundid.util.StaticUtils;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** LDIF (RFC 2849) as other directories export it: posixAccount, inetOrgPerson; posixGroup, groupOfNames and its kin. */
final class LdifFile {

    private static final List<String> PEOPLE = List.of("posixAccount", "inetOrgPerson", "account", "person");
    private static final List<String> GROUPS = List.of("posixGroup", "groupOfNames", "groupOfUniqueNames", "groupOfMembers");
    private static final List<String> READ = List.of("uid", "uidNumber", "gidNumber", "givenName", "sn", "cn", "mail", "gecos", "homeDirectory", "loginShell",
            "userPassword", "sshPublicKey", "description", "memberUid", "member", "uniqueMember");
    /** draft-behera-ldap-password-policy, section 5.3.3. */
    private static final String LOCKED_FOR_GOOD = "000001010000Z";
    private static final String CHANGE_TYPE = "changetype";

    private final Newcomers newcomers;
    private final boolean wellFormed;
    private final Map<DN, String> usernames = new HashMap<>();
    private final Map<DN, String> groupNames = new HashMap<>();

    private LdifFile(Newcomers newcomers, boolean wellFormed) {
        this.newcomers = newcomers;
        this.wellFormed = wellFormed;
    }

    static void read(Path file, Newcomers newcomers) throws IOException {
        var reading = new LdifFile(newcomers, LdifSyntax.check(file, newcomers));
        var groups = new ArrayList<Entry>();
        try (var reader = new LDIFReader(file.toFile())) {
            for (var next = reading.next(reader); next != null; next = reading.next(reader)) {
                var entry = next;
                reading.refuseBinary(entry);
                if (entry.hasAttribute(CHANGE_TYPE) && !entry.hasAttributeValue(CHANGE_TYPE, "add")) {
                    newcomers.refuse(entry.getDN(), CHANGE_TYPE + ": Nothing but add is done here.");
                } else if (is(entry, GROUPS)) {
                    groups.add(entry);
                    reading.dn(entry.getDN(), entry).ifPresent(dn -> reading.groupNames.put(dn, entry.getAttributeValue("cn")));
                } else if (is(entry, PEOPLE) && entry.hasAttribute("uid")) {
                    reading.user(entry);
                } else {
                    newcomers.leaveOut(entry.getDN(), "It is neither a person nor a group.");
                }
            }
        }
        groups.forEach(reading::group);
    }

    private Entry next(LDIFReader reader) throws IOException {
        while (true) {
            try {
                return reader.readEntry();
            } catch (LDIFException e) {
                if (wellFormed) {
                    newcomers.refuse("line:" + e.getLineNumber(), "The entry that begins here is none of LDIF (RFC 2849).");
                }
                if (!e.mayContinueReading()) {
                    return null;
                }
            }
        }
    }

    private void refuseBinary(Entry entry) {
        for (var name : READ) {
            var attribute = entry.getAttribute(name);
            if (attribute != null && Stream.of(attribute.getValueByteArrays()).anyMatch(value -> !StaticUtils.isValidUTF8(value))) {
                newcomers.refuse(entry.getDN(), name + ": The value is not UTF-8.");
            }
        }
    }

    private void user(Entry entry) {
        var username = entry.getAttributeValue("uid");
        dn(entry.getDN(), entry).ifPresent(dn -> usernames.put(dn, username));
        var passwords = entry.hasAttribute("userPassword") ? entry.getAttributeValues("userPassword") : new String[0];
        if (passwords.length > 1) {
            newcomers.refuse("user:" + username, "userPassword: There are several; one can be kept.");
        }
        newcomers.user(username)
                .number("uidNumber", entry.getAttributeValue("uidNumber"))
                .number("gidNumber", entry.getAttributeValue("gidNumber"))
                .text("givenName", entry.getAttributeValue("givenName"))
                .text("sn", entry.getAttributeValue("sn"))
                .text("cn", entry.getAttributeValue("cn"))
                .text("mail", entry.getAttributeValue("mail"))
                .text("gecos", entry.getAttributeValue("gecos"))
                .text("homeDirectory", entry.getAttributeValue("homeDirectory"))
                .text("loginShell", entry.getAttributeValue("loginShell"))
                .text("passwordHash", passwords.length == 0 ? null : passwords[0])
                .flag("passwordChangeRequired", isToBeChanged(entry))
                .text("status", isShut(entry) ? "suspended" : null)
                .texts("sshPublicKeys", entry.hasAttribute("sshPublicKey") ? List.of(entry.getAttributeValues("sshPublicKey")) : List.of());
    }

    /** By the attributes of shadow(5), of OpenLDAP's and of 389 Directory Server's password policies. */
    private static boolean isShut(Entry entry) {
        return PasswdFiles.isOver(entry.getAttributeValue("shadowExpire")) || LOCKED_FOR_GOOD.equals(entry.getAttributeValue("pwdAccountLockedTime"))
                || "TRUE".equalsIgnoreCase(entry.getAttributeValue("nsAccountLock"));
    }

    /** By the attributes of shadow(5), and of the password policies that have pwdReset. */
    private static boolean isToBeChanged(Entry entry) {
        return PasswdFiles.isToBeChanged(entry.getAttributeValue("shadowLastChange")) || "TRUE".equalsIgnoreCase(entry.getAttributeValue("pwdReset"));
    }

    private void group(Entry entry) {
        var cn = entry.getAttributeValue("cn");
        if (cn == null) {
            newcomers.refuse(entry.getDN(), "cn: A value is needed.");
            return;
        }
        newcomers.group(cn).number("gidNumber", entry.getAttributeValue("gidNumber")).text("description", entry.getAttributeValue("description"));
        values(entry, "memberUid").forEach(username -> newcomers.member(cn, username));
        Stream.concat(values(entry, "member"), values(entry, "uniqueMember")).filter(member -> !member.isEmpty())
                .forEach(member -> dn(member, entry).ifPresent(dn -> member(cn, dn)));
    }

    private void member(String cn, DN dn) {
        if (groupNames.containsKey(dn)) {
            // One without a name is refused by itself.
            Optional.ofNullable(groupNames.get(dn)).ifPresent(inner -> newcomers.innerGroup(cn, inner));
            return;
        }
        var username = usernames.get(dn);
        if (username == null && dn.getRDN() != null) {
            username = dn.getRDN().getNameValuePairs().stream()
                    .filter(part -> part.getAttributeName().equalsIgnoreCase("uid")).map(RDNNameValuePair::getAttributeValue).findFirst().orElse(null);
        }
        if (username == null) {
            newcomers.refuse("group:" + cn, "member: The file has no person " + dn + ".");
        } else {
            newcomers.member(cn, username);
        }
    }

    private Optional<DN> dn(String text, Entry entry) {
        try {
            return Optional.of(new DN(text));
        } catch (LDAPException e) {
            newcomers.refuse(entry.getDN(), "This is no distinguished name: " + text);
            return Optional.empty();
        }
    }

    private static boolean is(Entry entry, List<String> classes) {
        return classes.stream().anyMatch(entry::hasObjectClass);
    }

    private static Stream<String> values(Entry entry, String attribute) {
        return entry.hasAttribute(attribute) ? Stream.of(entry.getAttributeValues(attribute)) : Stream.empty();
    }
}
