package io.gatehouse.directory;

import io.gatehouse.access.Effect;
import io.gatehouse.access.Policy;
import io.gatehouse.directory.DirectoryReader.GroupRow;
import io.gatehouse.directory.DirectoryReader.HostRow;
import io.gatehouse.directory.DirectoryReader.PersonRow;
import io.gatehouse.directory.DirectoryReader.ServiceAccountRow;
import io.micronaut.core.annotation.Nullable;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;

/** Makes entries of rows. */
final class EntryRenderer {

    private static final Object[] PERSON_CLASSES = {"top", "person", "organizationalPerson", "inetOrgPerson", "posixAccount",
        "shadowAccount", "ldapPublicKey", "hostObject"};
    private static final Object[] GROUP_CLASSES = {"top", "groupOfMembers", "posixGroup"};
    private static final long SECONDS_PER_DAY = 86_400;

    private final DirectoryLayout layout;

    EntryRenderer(DirectoryLayout layout) {
        this.layout = layout;
    }

    Entry base(int id, Instant since) {
        var rdn = layout.baseRdn();
        var type = layout.schema().attribute(rdn.getAttributeNames()[0]);
        var structural = switch (type.name()) {
            case "dc" -> "domain";
            case "o" -> "organization";
            default -> "organizationalUnit";
        };
        var entry = builder(layout.base(), structural, "top", structural)
                .put(type.name(), rdn.getAttributeValues()[0]);
        return fixed(entry, layout.base(), since).build(id, Entry.NO_PARENT, Entry.Kind.CONTAINER);
    }

    Entry branch(int id, int parent, String dn, Instant since) {
        var entry = builder(dn, "organizationalUnit", "top", "organizationalUnit")
                .put("ou", dn.substring("ou=".length(), dn.indexOf(',')));
        return fixed(entry, dn, since).build(id, parent, Entry.Kind.CONTAINER);
    }

    /** What SSSD's access check reads before it believes in locked accounts (draft-behera-ldap-password-policy section 5.2). */
    Entry passwordPolicy(int id, int parent, Instant since) {
        var dn = layout.passwordPolicy();
        var entry = leaf(dn, "device", "top", "device", "pwdPolicy")
                .put("cn", "ppolicy").put("pwdAttribute", "userPassword").put("pwdLockout", "TRUE").put("pwdCheckQuality", 2)
                .put("pwdMustChange", "TRUE").put("pwdAllowUserChange", "TRUE").put("pwdSafeModify", "FALSE");
        return fixed(entry, dn, since).build(id, parent, Entry.Kind.POLICY);
    }

    /** @param gidNumber the primary group's, which need not be the row's */
    Entry person(int id, int parent, PersonRow row, int gidNumber) {
        var dn = layout.person(row.username());
        var entry = leaf(dn, "inetOrgPerson", PERSON_CLASSES)
                .put("uid", row.username())
                .put("cn", row.cn())
                .put("sn", row.sn())
                .put("givenName", row.givenName())
                .put("mail", row.mail())
                .put("uidNumber", row.uidNumber())
                .put("gidNumber", gidNumber)
                .put("gecos", row.gecos())
                .put("homeDirectory", row.homeDirectory())
                .put("loginShell", row.loginShell())
                .put("sshPublicKey", row.sshPublicKeys().toArray());
        if (row.passwordChangedAt() != null) {
            entry.put("shadowLastChange", row.passwordChangedAt().getEpochSecond() / SECONDS_PER_DAY)
                    .put("pwdChangedTime", GeneralizedTime.format(row.passwordChangedAt()));
        }
        if (row.passwordChangeRequired()) {
            entry.put("pwdReset", "TRUE");
        }
        return operational(entry, row.entryUuid(), row.createdAt(), row.updatedAt(), row.usn()).build(id, parent, Entry.Kind.PERSON);
    }

    Entry group(int id, int parent, GroupRow row) {
        var entry = leaf(layout.group(row.cn()), "groupOfMembers", GROUP_CLASSES)
                .put("cn", row.cn()).put("gidNumber", row.gidNumber()).put("description", row.description());
        return operational(entry, row.entryUuid(), row.createdAt(), row.updatedAt(), row.usn()).build(id, parent, Entry.Kind.GROUP);
    }

    /** The group that bears a person's name; its number is the person's primary group, so it needs to list nobody. */
    Entry privateGroup(int id, int parent, PersonRow row) {
        var dn = layout.group(row.username());
        var entry = leaf(dn, "groupOfMembers", GROUP_CLASSES).put("cn", row.username()).put("gidNumber", row.uidNumber());
        return operational(entry, derived(dn), row.createdAt(), row.updatedAt(), row.usn()).build(id, parent, Entry.Kind.GROUP);
    }

    /** Administrators may run everything as anybody, after they have given their own password. */
    Entry sudoRole(int id, int parent, GroupRow row) {
        var dn = layout.sudoRole(row.cn());
        var entry = leaf(dn, "sudoRole", "top", "sudoRole").put("cn", row.cn())
                .put("sudoUser", "%" + row.cn()).put("sudoHost", "ALL").put("sudoCommand", "ALL")
                .put("sudoRunAsUser", "ALL").put("sudoRunAsGroup", "ALL").put("sudoOrder", sudoOrder(0, Effect.ALLOW));
        return operational(entry, derived(dn), row.createdAt(), row.updatedAt(), row.usn()).build(id, parent, Entry.Kind.SUDO_ROLE);
    }

    /** Who may run it, and where, is derived. What a denial denies are commands with an exclamation mark (sudoers.ldap(5)). */
    Entry sudoRole(int id, int parent, Policy policy) {
        var dn = layout.policySudoRole(policy.name());
        var mark = policy.effect() == Effect.DENY ? "!" : "";
        var entry = leaf(dn, "sudoRole", "top", "sudoRole").put("cn", layout.policySudoRoleName(policy.name()))
                .put("sudoCommand", policy.sudo().commands().stream().map(command -> mark + command).toArray())
                .put("sudoRunAsUser", policy.sudo().runAs().toArray())
                .put("sudoOption", policy.sudo().authenticate() ? null : "!authenticate")
                .put("sudoOrder", sudoOrder(policy.priority(), policy.effect()))
                .put("sudoNotBefore", time(policy.validFrom()))
                .put("sudoNotAfter", time(policy.validUntil()));
        return operational(entry, policy.entryUuid(), policy.createdAt(), policy.updatedAt(), policy.usn()).build(id, parent, Entry.Kind.SUDO_ROLE);
    }

    /** sudo takes the highest order, where policies take the lowest priority, and denials before allowances of the same. */
    private static int sudoOrder(int priority, Effect effect) {
        return 2 * (Policy.LAST_PRIORITY - priority) + (effect == Effect.DENY ? 1 : 0);
    }

    private static String time(@Nullable Instant time) {
        return time == null ? null : GeneralizedTime.format(time);
    }

    Entry serviceAccount(int id, int parent, ServiceAccountRow row) {
        var entry = leaf(layout.serviceAccount(row.name()), "applicationProcess", "top", "applicationProcess")
                .put("cn", row.name()).put("description", row.description());
        return operational(entry, row.entryUuid(), row.createdAt(), row.updatedAt(), row.usn())
                .build(id, parent, Entry.Kind.SERVICE_ACCOUNT);
    }

    /** An ipHost must have an address (RFC 2307 section 3). */
    Entry host(int id, int parent, HostRow row) {
        var dn = layout.host(row.hostname());
        var entry = row.ipv4Address() == null ? leaf(dn, "device", "top", "device") : leaf(dn, "device", "top", "device", "ipHost");
        entry.put("cn", row.hostname()).put("ipHostNumber", row.ipv4Address());
        return operational(entry, row.entryUuid(), row.createdAt(), row.updatedAt(), row.usn()).build(id, parent, Entry.Kind.HOST);
    }

    private EntryBuilder leaf(String dn, String structural, Object... classes) {
        return builder(dn, structural, classes).constant("hasSubordinates", "FALSE");
    }

    private EntryBuilder builder(String dn, String structural, Object... classes) {
        return new EntryBuilder(layout.schema(), dn)
                .constant("objectClass", classes)
                .constant("structuralObjectClass", structural)
                .constant("subschemaSubentry", DirectorySchema.DN);
    }

    private EntryBuilder fixed(EntryBuilder entry, String dn, Instant since) {
        return operational(entry, derived(dn), since, since, 0);
    }

    private EntryBuilder operational(EntryBuilder entry, UUID uuid, Instant created, Instant modified, long usn) {
        return entry.put("entryUUID", uuid)
                .put("createTimestamp", GeneralizedTime.format(created))
                .put("modifyTimestamp", GeneralizedTime.format(modified))
                .put("entryUSN", usn);
    }

    /** A name-based UUID for entries that no row stands for: the same on every node. */
    private static UUID derived(String dn) {
        return UUID.nameUUIDFromBytes(dn.getBytes(StandardCharsets.UTF_8));
    }
}
