package io.gatehouse.directory;

import java.util.List;

/** People and groups whose values are awkward to compare: spaces, accents, letters of one sound, characters that need escaping. */
final class DifferentialPopulation {

    static final List<String> SQL = List.of(
            """
            insert into users (entry_uuid, username, cn, sn, given_name, mail, gecos, status, home_directory, login_shell, password_hash, password_changed_at)
            select md5(column1)::uuid, * from (values
                ('alice', 'Alice  van der  Berg', 'van der Berg', 'Alice', 'Alice@Example.org', 'Alice Berg,Room 1', 'active', '/home/alice', '/bin/bash', null, null),
                ('bob', 'Bob O''Hara (Ops)', 'O''Hara', 'Bob', 'bob+tag@example.org', null, 'active', '/home/bob', '/bin/zsh', 'x', '2024-02-29 12:00Z'::timestamptz),
                ('carol.k', 'Carol*Star \\Back', 'Star', null, 'carol@example.org', 'Carol', 'active', '/home/carol.k', '/bin/bash', 'x', '2025-12-31 23:59:59Z'),
                ('dave_2', 'Dave, Jr. + Co = "quoted"; <x> #1', 'Jr.', 'Dave', null, null, 'active', '/srv/Dave_2', '/usr/sbin/nologin', null, null),
                ('emile-z', 'Émile Zölä', 'Zölä', 'Émile', 'EMILE@EXAMPLE.ORG', null, 'active', '/home/emile-z', '/bin/bash', null, null),
                ('strasse', 'Gerd Straße', 'Straße', 'Gerd', 'strasse@example.org', null, 'active', '/home/strasse', '/bin/bash', null, null),
                ('strasse2', 'Gerd Strasse', 'STRASSE', 'GERD', 'strasse2@example.org', null, 'active', '/home/strasse2', '/bin/bash', null, null),
                ('ligature', 'ﬁne Ａ', 'ﬁne', 'Ａ', 'ligature@example.org', null, 'active', '/home/ligature', '/bin/bash', null, null),
                ('combining', E'e\\u0301mile', E'A\\u030Angstro\\u0308m', E'e\\u0301', null, null, 'active', '/home/combining', '/bin/bash', null, null),
                ('chinese', '王小明', '王', '小明', 'wang@example.org', null, 'active', '/home/chinese', '/bin/bash', null, null),
                ('emoji', 'Emoji 😀 Person', '😀', null, null, null, 'active', '/home/emoji', '/bin/bash', null, null),
                ('spaces', '  Led   and trailed  ', ' x ', ' ', null, ' ', 'active', '/home/spaces', '/bin/bash', null, null),
                ('nbsp', E'No\\u00a0break\\u2003space', E'\\u00adsoft', null, null, null, 'active', '/home/nbsp', '/bin/bash', null, null),
                ('sigma', 'ΣΊΣΥΦΟΣ', 'σίσυφος', 'Οδυσσεύς', null, null, 'active', '/home/sigma', '/bin/bash', null, null),
                ('root_like', '0', '0', '1', '0@0.0', '0', 'active', '/', '/bin/sh', null, null),
                ('mallory', 'Mallory Suspended', 'Suspended', null, 'mallory@example.org', null, 'suspended', '/home/mallory', '/bin/bash', null, null),
                ('peggy', 'Peggy Pending', 'Pending', null, 'peggy@example.org', null, 'pending', '/home/peggy', '/bin/bash', null, null)) awkward
            """,
            """
            insert into users (entry_uuid, username, cn, sn, given_name, mail, gecos, status, home_directory)
            select md5('user' || i)::uuid, 'user' || i, 'User ' || i, 'Family' || i % 7, case when i % 3 > 0 then 'Given' || i % 5 end, 'user' || i || '@example.org',
                   case when i % 4 = 0 then 'User ' || i || ',,,' end, 'active', '/home/user' || i
            from generate_series(1, 40) i
            """,
            """
            insert into ssh_keys (uid_number, fingerprint, type, key, comment)
            select uid_number, 'SHA256:' || rtrim(encode(sha256((username || n)::bytea), 'base64'), '='), 'ssh-ed25519',
                   encode('\\x0000000b7373682d6564323535313900000020'::bytea || sha256((username || n)::bytea), 'base64'),
                   case n when 1 then username || '@laptop' else '' end
            from users cross join generate_series(1, 2) n where uid_number % 3 = n
            """,
            """
            insert into groups (entry_uuid, cn, description, is_administrator)
            select md5(column1)::uuid, * from (values
                ('devs', 'Developers (all)', false), ('ops', 'Operations * on call', true), ('empty', null, false),
                ('qa.team', 'Quality\\, assurance', false), ('spaced', '  two  spaces ', false), ('accents', 'Équipe é', false)) awkward
            """,
            """
            insert into memberships (uid_number, gid_number)
            select u.uid_number, g.gid_number from users u cross join groups g
            where g.cn = 'ldapusers' or g.cn = 'devs' and u.uid_number % 2 = 0 or g.cn = 'ops' and u.username in ('alice', 'bob')
               or g.cn = 'qa.team' and u.uid_number % 5 = 1 or g.cn = 'accents' and u.username in ('emile-z', 'mallory')
            on conflict do nothing
            """,
            "insert into service_accounts (name, description, password_hash) values ('sssd', 'For (SSSD)', 'x'), ('ldap-sync', null, 'x')");

    private DifferentialPopulation() {
    }
}
