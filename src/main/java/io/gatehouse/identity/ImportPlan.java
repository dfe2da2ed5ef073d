package io.gatehouse.identity;

import io.gatehouse.identity.ImportReport.Line;
import io.gatehouse.platform.Problem;
import io.micronaut.core.annotation.Nullable;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** What an import would do to the directory of this moment: every change and every refusal, and nothing done yet. */
final class ImportPlan {

    static final int FIRST_NUMBER = 2000;

    /**
     * What is there.
     *
     * @param users       uid numbers by name
     * @param mails       in lower case
     * @param groups      gid numbers by name
     * @param members     {@code <user name> <gid number>} of the members of the groups that the import names
     * @param nestings    the groups right in each group, by name
     * @param lastNumber  the highest number that may be given
     */
    record Present(Map<String, Integer> users, Set<String> mails, Map<String, Integer> groups, Set<String> members,
                   Map<String, Set<String>> nestings, Set<Integer> retiredUids, Set<Integer> retiredGids, int lastNumber) {
    }

    /** A user to be created. */
    record PlannedUser(NewAccount account, @Nullable Integer uidNumber, int gidNumber, Set<String> groups) {
    }

    /** A group to be created. */
    record PlannedGroup(String cn, @Nullable Integer gidNumber, @Nullable String description) {
    }

    /** @param there whether the user is there already */
    record PlannedMember(String cn, String username, boolean there) {
    }

    /** One group to be put into another. */
    record PlannedNesting(String cn, String inner) {
    }

    private final Present present;
    private final Set<Integer> uidNumbers;
    private final Set<Integer> gidNumbers;
    private final Set<String> mails;
    private final Map<String, Set<String>> nestings = new HashMap<>();
    private final Set<String> named = new HashSet<>();
    /** Refused ones, too: that they are missing is told once. */
    private final Set<String> newcomers = new HashSet<>();
    private final Set<String> newGroups = new HashSet<>();
    private final Map<String, PlannedUser> users = new LinkedHashMap<>();
    private final Map<String, PlannedGroup> groups = new LinkedHashMap<>();
    private final List<PlannedMember> members = new ArrayList<>();
    private final List<PlannedNesting> plannedNestings = new ArrayList<>();
    private final List<Line> changes = new ArrayList<>();
    private final List<Line> refusals = new ArrayList<>();

    private ImportPlan(Present present) {
        this.present = present;
        uidNumbers = new HashSet<>(present.users().values());
        gidNumbers = new HashSet<>(present.groups().values());
        mails = new HashSet<>(present.mails());
        present.nestings().forEach((cn, inner) -> nestings.put(cn, new HashSet<>(inner)));
    }

    static ImportPlan of(NewImport wish, Present present) {
        var plan = new ImportPlan(present);
        var groups = wish.groups() == null ? List.<ImportedGroup>of() : wish.groups();
        var users = wish.users() == null ? List.<ImportedUser>of() : wish.users();
        users.forEach(user -> plan.newcomers.add(user.username()));
        groups.forEach(group -> plan.newGroups.add(group.cn()));
        // Groups first: users may have them as their primary ones. Members last: they may come along.
        groups.forEach(group -> plan.attempt("group:", group.cn(), () -> plan.add(group)));
        users.forEach(user -> plan.attempt("user:", user.username(), () -> plan.add(user)));
        groups.forEach(plan::addMembers);
        groups.forEach(plan::addGroups);
        return plan;
    }

    List<PlannedUser> users() {
        return List.copyOf(users.values());
    }

    List<PlannedGroup> groups() {
        return List.copyOf(groups.values());
    }

    List<PlannedMember> members() {
        return members;
    }

    List<PlannedNesting> nestings() {
        return plannedNestings;
    }

    boolean isRefused() {
        return !refusals.isEmpty();
    }

    ImportReport report(boolean dryRun) {
        var lines = new ArrayList<>(changes);
        lines.addAll(refusals);
        return new ImportReport(dryRun, !dryRun && !isRefused(), changes.size(), refusals.size(), lines);
    }

    private void attempt(String kind, @Nullable String name, Runnable step) {
        try {
            step.run();
        } catch (Problem e) {
            refuse(kind + (name == null ? "?" : name), (e.field() == null ? "" : e.field() + ": ") + e.getMessage());
        }
    }

    private void refuse(String target, String why) {
        refusals.add(new Line(ImportReport.REFUSE, target, why));
    }

    private void add(ImportedGroup wish) {
        var cn = Text.required("cn", wish.cn());
        requireFirst("group " + cn, "cn", cn);
        var there = present.groups().get(cn);
        if (there != null) {
            if (wish.gidNumber() != null && !wish.gidNumber().equals(there)) {
                throw Problem.conflict("gidNumber", wish.gidNumber(), "The group is there already, with the number " + there + ".");
            }
            return;
        }
        AccountNames.checkGroupName(cn);
        Text.checkRemark("description", wish.description());
        if (wish.gidNumber() != null) {
            takeNumber("gidNumber", wish.gidNumber(), gidNumbers, present.retiredGids());
        }
        groups.put(cn, new PlannedGroup(cn, wish.gidNumber(), wish.description()));
        changes.add(new Line(ImportReport.CREATE, "group:" + cn, wish.gidNumber() == null ? "" : "gidNumber " + wish.gidNumber()));
    }

    private void add(ImportedUser wish) {
        var account = NewAccount.of(wish.withoutNumbers());
        if (wish.passwordHash() != null) {
            account = account.withImportedHash(wish.passwordHash());
        }
        var username = account.username();
        requireFirst("user " + username, "username", username);
        if (present.users().containsKey(username)) {
            throw Problem.conflict("username", username, "This user name is taken.");
        }
        if (account.sshPublicKeys().size() > Users.MOST_KEYS) {
            throw Problem.invalidSecret("sshPublicKeys", "Nobody can have more than " + Users.MOST_KEYS + " keys.");
        }
        int primary = wish.gidNumber() == null ? FIRST_NUMBER : wish.gidNumber();
        if (!gidNumbers.contains(primary)) {
            throw Problem.invalid("gidNumber", primary, "No group has this number, and none that comes along.");
        }
        if (account.mail() != null && !mails.add(account.mail().toLowerCase(Locale.ROOT))) {
            throw Problem.conflict("mail", account.mail(), "This mail address belongs to another account.");
        }
        if (wish.uidNumber() != null) {
            takeNumber("uidNumber", wish.uidNumber(), uidNumbers, present.retiredUids());
        }
        users.put(username, new PlannedUser(account, wish.uidNumber(), primary, new TreeSet<>(Set.of(Group.LDAPUSERS))));
        changes.add(new Line(ImportReport.CREATE, "user:" + username, detail(wish.uidNumber(), account)));
    }

    private static String detail(@Nullable Integer uidNumber, NewAccount account) {
        var parts = new ArrayList<String>();
        if (uidNumber != null) {
            parts.add("uidNumber " + uidNumber);
        }
        if (account.passwordHash() != null) {
            parts.add("with a password");
        }
        if (account.passwordChangeRequired()) {
            parts.add("who must change the password");
        }
        if (!account.sshPublicKeys().isEmpty()) {
            parts.add("SSH keys: " + account.sshPublicKeys().size());
        }
        if (account.status() != UserStatus.ACTIVE) {
            parts.add(account.status().text());
        }
        return String.join(", ", parts);
    }

    private void addMembers(ImportedGroup wish) {
        if (wish.members() == null || !isGroup(wish.cn())) {
            return;
        }
        var gidNumber = present.groups().get(wish.cn());
        for (var username : new TreeSet<>(wish.members())) {
            var user = users.get(username);
            if (user != null) {
                if (user.groups().add(wish.cn())) {
                    addMember(new PlannedMember(wish.cn(), username, false));
                }
            } else if (present.users().containsKey(username)) {
                if (gidNumber == null || !present.members().contains(username + " " + gidNumber)) {
                    addMember(new PlannedMember(wish.cn(), username, true));
                }
            } else if (!newcomers.contains(username)) {
                refuse("group:" + wish.cn(), "members: There is no user " + username + ", and none that comes along.");
            }
        }
    }

    private void addGroups(ImportedGroup wish) {
        if (wish.groups() == null || !isGroup(wish.cn())) {
            return;
        }
        for (var inner : new TreeSet<>(wish.groups())) {
            if (isGroup(inner)) {
                attempt("group:", wish.cn(), () -> nest(wish.cn(), inner));
            } else if (!newGroups.contains(inner)) {
                refuse("group:" + wish.cn(), "groups: There is no group " + inner + ", and none that comes along.");
            }
        }
    }

    private void nest(String cn, String inner) {
        if (inner.equals(Group.LDAPUSERS)) {
            throw Groups.everybody();
        }
        if (contains(inner, cn)) {
            throw Problem.conflict("groups", inner, "The group would contain itself: " + inner + " is the same, or has it in it.");
        }
        if (nestings.computeIfAbsent(cn, outer -> new HashSet<>()).add(inner)) {
            plannedNestings.add(new PlannedNesting(cn, inner));
            changes.add(new Line(ImportReport.ADD_GROUP, "group:" + cn, inner));
        }
    }

    /** Whether the one is the other, or has it in it at any depth. */
    private boolean contains(String cn, String sought) {
        var seen = new HashSet<>(Set.of(cn));
        var open = new ArrayDeque<>(seen);
        while (!open.isEmpty() && !seen.contains(sought)) {
            nestings.getOrDefault(open.remove(), Set.of()).stream().filter(seen::add).forEach(open::add);
        }
        return seen.contains(sought);
    }

    private boolean isGroup(@Nullable String cn) {
        return cn != null && (groups.containsKey(cn) || present.groups().containsKey(cn));
    }

    private void addMember(PlannedMember member) {
        members.add(member);
        changes.add(new Line(ImportReport.ADD_MEMBER, "group:" + member.cn(), member.username()));
    }

    private void requireFirst(String name, String field, String value) {
        if (!named.add(name)) {
            throw Problem.conflict(field, value, "The import names it twice.");
        }
    }

    private void takeNumber(String field, int number, Set<Integer> taken, Set<Integer> retired) {
        if (number < FIRST_NUMBER || number > present.lastNumber()) {
            throw Problem.invalid(field, number, number + " is not from " + FIRST_NUMBER + " to " + present.lastNumber()
                    + ": lower ones belong to the containers' own accounts, higher ones are above GATEHOUSE_UID_MAX.");
        }
        if (retired.contains(number)) {
            throw Problem.conflict(field, number, number + " belonged to something deleted, and numbers are never reused.");
        }
        if (!taken.add(number)) {
            throw Problem.conflict(field, number, number + " is taken.");
        }
    }
}
