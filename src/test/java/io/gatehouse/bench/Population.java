package io.gatehouse.bench;

import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * Who is in the directory. Names are all of one length, so that a request encoded for one person becomes another's by
 * overwriting some digits.
 *
 * <p>Each person has one SSH key and is in {@value #GROUPS_PER_USER} groups of {@value #GROUP_SIZE}, whatever the size, so that
 * the same question has an answer of the same length everywhere. Nobody is listed as a member of {@code ldapusers}, although
 * the server puts everybody it creates there: its one entry of a megabyte would be in every answer about somebody's groups, and
 * both servers would be measured at copying it. It stays everybody's primary group.
 *
 * @param users a multiple of 500
 */
record Population(int users) {

    static final int GROUP_SIZE = 50;
    static final int GROUPS_PER_USER = 5;
    /** How many have a password: one, hashed once. */
    static final int WITH_PASSWORD = 1_000;
    static final String ADMINISTRATOR = "benchadmin";

    private static final int DIGITS = 6;
    private static final String PREFIX = "user";

    Population {
        if (users < WITH_PASSWORD || users > 999_999 || users % (GROUP_SIZE * 10) != 0) {
            throw new IllegalArgumentException("The number of users must be a multiple of 500 from 1000 to 999500, not " + users);
        }
    }

    int groups() {
        return users * GROUPS_PER_USER / GROUP_SIZE;
    }

    /** Everybody that an enumeration finds: the administrator, too. */
    int people() {
        return users + 1;
    }

    static String username(int number) {
        return PREFIX + String.format(Locale.ROOT, "%0" + DIGITS + "d", number);
    }

    /** Statements that fill the tables of a migrated database. */
    Stream<String> sql(String passwordHash) {
        return List.of(
                """
                insert into users (username, cn, sn, given_name, mail, gecos, home_directory, status, password_hash, password_changed_at)
                select name, 'Given' || i || ' Family' || i, 'Family' || i, 'Given' || i, name || '@example.org',
                       'Given' || i || ' Family' || i, '/home/' || name, 'active',
                       case when i < %d then '%s' end, case when i < %d then now() end
                from (select i, '%s' || lpad(i::text, %d, '0') as name from generate_series(0, %d - 1) i) numbered
                """.formatted(WITH_PASSWORD, passwordHash, WITH_PASSWORD, PREFIX, DIGITS, users),
                """
                insert into ssh_keys (uid_number, fingerprint, type, key, comment)
                select uid_number, 'SHA256:' || rtrim(encode(sha256(blob), 'base64'), '='), 'ssh-ed25519', encode(blob, 'base64'),
                       username || '@laptop'
                from (select uid_number, username, '\\x0000000b7373682d6564323535313900000020'::bytea || sha256(username::bytea) as blob
                      from users where username like '%s%%') keyed
                """.formatted(PREFIX),
                """
                insert into groups (cn, description)
                select 'project' || lpad(g::text, 5, '0'), 'Project ' || g from generate_series(0, %d - 1) g
                """.formatted(groups()),
                """
                insert into memberships (uid_number, gid_number)
                select u.uid_number, g.gid_number
                from generate_series(0, %1$d - 1) g_number
                cross join generate_series(0, %2$d - 1) m
                join groups g on g.cn = 'project' || lpad(g_number::text, 5, '0')
                join users u on u.username = '%3$s' || lpad(((g_number * 10 + m * (%4$d / %2$d) + m %% 10) %% %4$d)::text, %5$d, '0')
                """.formatted(groups(), GROUP_SIZE, PREFIX, users, DIGITS),
                "analyze").stream();
    }
}
