package io.gatehouse.transfer;

import io.micronaut.core.annotation.Nullable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * passwd(5), shadow(5) and group(5), each told by its name, or by the number of fields in its first line. The accounts and groups of the
 * system itself, below 1000 and nobody's, are left out.
 */
final class PasswdFiles {

    /** What a file is, and how many fields its lines have. */
    private enum Kind {

        PASSWD(7), SHADOW(9), GROUP(4);

        private final int fields;

        Kind(int fields) {
            this.fields = fields;
        }

        String text() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Optional<Kind> ofFields(int number) {
            return Stream.of(values()).filter(kind -> kind.fields == number).findFirst();
        }

        static Optional<Kind> named(Path file) {
            return Stream.of(values()).filter(kind -> kind.text().equals(file.getFileName().toString())).findFirst();
        }
    }

    private static final int LAST_CHANGE = 2;
    private static final int EXPIRY = 7;
    /** Instead of the day when a password was last changed (shadow(5)): before anything else. */
    static final String TO_BE_CHANGED = "0";
    private static final String[] NO_SHADOW = "::::::::".split(":", -1);
    private static final int FIRST_PERSON = 1000;
    private static final Set<Integer> NOBODY = Set.of(65533, 65534, 65535);

    private final Newcomers newcomers;
    private final List<String[]> accounts = new ArrayList<>();
    private final Map<String, String[]> shadows = new HashMap<>();
    private final List<String[]> groups = new ArrayList<>();
    /** Numbers, by user names. */
    private final Map<String, String> primaryGroups = new HashMap<>();

    private PasswdFiles(Newcomers newcomers) {
        this.newcomers = newcomers;
    }

    static boolean isOne(String line) {
        return Kind.ofFields(fields(line).length).isPresent();
    }

    /** @param files in any order */
    static void read(List<Path> files, Newcomers newcomers) throws IOException {
        var reading = new PasswdFiles(newcomers);
        for (var file : files) {
            reading.read(file);
        }
        if (reading.accounts.isEmpty() && reading.groups.isEmpty() && newcomers.refusals().isEmpty()) {
            throw new Refused("There is neither a passwd nor a group file among " + files + ".");
        }
        reading.tell();
    }

    private void read(Path file) throws IOException {
        var kind = Kind.named(file).orElse(null);
        int number = 0;
        for (var line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
            number++;
            if (!line.isBlank() && !line.startsWith("#")) {
                var fields = fields(line);
                kind = kind != null ? kind : Kind.ofFields(fields.length).orElseThrow(() ->
                        new Refused(file + " is no passwd, shadow or group file by its first line; with one of these names it is read as that."));
                if (fields.length == kind.fields) {
                    sort(kind, fields);
                } else {
                    newcomers.refuse(file.getFileName() + " line:" + number, "It has " + fields.length + (fields.length == 1 ? " field" : " fields")
                            + "; a line of a " + kind.text() + " file has " + kind.fields + ".");
                }
            }
        }
    }

    private void sort(Kind kind, String[] fields) {
        switch (kind) {
            case PASSWD -> {
                accounts.add(fields);
                primaryGroups.put(fields[0], fields[3]);
            }
            case SHADOW -> shadows.put(fields[0], fields);
            case GROUP -> groups.add(fields);
        }
    }

    private void tell() {
        var systemGroups = new HashSet<String>();
        var systemAccounts = new HashSet<String>();
        accounts.stream().filter(account -> isSystem(account[2])).forEach(account -> systemAccounts.add(account[0]));
        for (var group : groups) {
            if (isSystem(group[2])) {
                systemGroups.add(group[2]);
                newcomers.leaveOut("group:" + group[0], "It is one of the system's own" + (group[3].isEmpty() ? "." : "; members: " + group[3]));
            } else if (!newcomers.keepsNumbers() && isPrivate(group)) {
                newcomers.leaveOut("group:" + group[0], "It is the private group of its user, who gets another primary group.");
            } else {
                newcomers.group(group[0]).number("gidNumber", group[2]);
                for (var member : group[3].split(",")) {
                    if (!member.isBlank() && !systemAccounts.contains(member.strip())) {
                        newcomers.member(group[0], member.strip());
                    }
                }
            }
        }
        for (var account : accounts) {
            if (systemAccounts.contains(account[0])) {
                newcomers.leaveOut("user:" + account[0], "It is one of the system's own.");
            } else {
                tell(account, systemGroups);
            }
        }
    }

    /** Of one person alone, by the number. */
    private boolean isPrivate(String[] group) {
        return group[3].isEmpty() && group[2].equals(primaryGroups.get(group[0]));
    }

    private void tell(String[] account, Set<String> systemGroups) {
        var name = account[4].split(",", 2)[0].strip();
        int blank = name.lastIndexOf(' ');
        boolean isAscii = account[4].chars().allMatch(character -> character >= ' ' && character <= '~');
        newcomers.user(account[0])
                .number("uidNumber", account[2])
                .number("gidNumber", isSystem(account[3]) || systemGroups.contains(account[3]) ? null : account[3])
                .text("cn", name)
                .text("givenName", blank < 0 ? null : name.substring(0, blank).strip())
                .text("sn", blank < 0 ? name : name.substring(blank + 1))
                .text("gecos", isAscii ? account[4] : null)
                .text("homeDirectory", account[5])
                .text("loginShell", account[6])
                .text("passwordHash", hash(account))
                .flag("passwordChangeRequired", isToBeChanged(shadow(account)[LAST_CHANGE]))
                .text("status", isOver(shadow(account)[EXPIRY]) ? "suspended" : null);
    }

    /** Null of an account that is locked or never had one. */
    private String hash(String[] account) {
        var hash = account[1].equals("x") ? shadow(account)[1] : account[1];
        if (hash.startsWith("!") || hash.startsWith("*")) {
            newcomers.leaveOut("user:" + account[0], "The password is locked: the account comes without one.");
            return null;
        }
        return hash;
    }

    private String[] shadow(String[] account) {
        return shadows.getOrDefault(account[0], NO_SHADOW);
    }

    /** @param days the day when an account expires, since 1970; below 1 and anything else: never */
    static boolean isOver(@Nullable String days) {
        try {
            return days != null && Long.parseLong(days) > 0 && Long.parseLong(days) <= LocalDate.now(ZoneOffset.UTC).toEpochDay();
        } catch (NumberFormatException e) {
            return false;
        }
    }

    /** @param lastChange the day of the password's last change, since 1970 */
    static boolean isToBeChanged(@Nullable String lastChange) {
        return TO_BE_CHANGED.equals(lastChange);
    }

    private static boolean isSystem(String number) {
        try {
            int value = Integer.parseInt(number);
            return value < FIRST_PERSON || NOBODY.contains(value);
        } catch (NumberFormatException e) {
            return false;
        }
    }

    private static String[] fields(String line) {
        return line.split(":", -1);
    }
}
