package io.gatehouse.ldap;

import static org.assertj.core.api.Assertions.assertThat;

import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.SearchScope;
import io.gatehouse.directory.DirectoryRows;
import io.gatehouse.testing.GatehouseServer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jdbi.v3.core.Handle;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** A client that asks for what changed since last time, as SSSD does, misses nothing. */
class IncrementalRefreshIT {

    private static final String BASE = "dc=cluster,dc=internal";
    private static final int WRITERS = 4;
    private static final int TRANSACTIONS = 60;
    private static final int PEOPLE = 20;
    private static final String FILTER = "(|(objectClass=posixAccount)(objectClass=posixGroup)(objectClass=sudoRole))";

    private static GatehouseServer server;
    private static DirectoryRows rows;
    private static LDAPConnection reader;

    @BeforeAll
    static void start() throws LDAPException {
        server = GatehouseServer.start();
        rows = new DirectoryRows(server);
        rows.write(handle -> {
            for (int i = 0; i < PEOPLE; i++) {
                rows.insertPerson(handle, "p" + i);
            }
            for (int i = 0; i < WRITERS; i++) {
                rows.insertGroup(handle, "g" + i);
            }
        });
        reader = server.ldapAsAdministrator();
    }

    @AfterAll
    static void stop() {
        reader.close();
        server.close();
    }

    @Test
    void readerThatPollsEndsWithWhatAFullReadGives() throws Exception {
        var copy = new TreeMap<String, String>();
        var writers = new ArrayList<Future<?>>();
        try (var pool = Executors.newFixedThreadPool(WRITERS)) {
            for (int i = 0; i < WRITERS; i++) {
                int number = i;
                writers.add(pool.submit(() -> write(number)));
            }
            long last = 0;
            while (!writers.stream().allMatch(Future::isDone)) {
                last = poll(copy, last);
            }
            for (var writer : writers) {
                writer.get();
            }
            rows.write(handle -> { });
            last = poll(copy, last);
            // The last change may have hidden an entry, which is then not there to tell its number.
            assertThat(last).isLessThanOrEqualTo(reader.getEntry("", "lastUSN").getAttributeValueAsLong("lastUSN"));
        }

        var full = new TreeMap<String, String>();
        read(full, FILTER);
        // Deletions are what change numbers cannot tell; nobody else may differ.
        copy.keySet().retainAll(full.keySet());
        assertThat(copy).isEqualTo(full);
    }

    /** As SSSD: the largest number of the last answer, then everything from the next one on. */
    private static long poll(Map<String, String> copy, long last) throws LDAPException {
        return Math.max(last, read(copy, "(&" + FILTER + "(entryUSN>=" + (last + 1) + "))"));
    }

    private static long read(Map<String, String> target, String filter) throws LDAPException {
        long largest = 0;
        for (var entry : reader.search(BASE, SearchScope.SUB, filter, "*", "+").getSearchEntries()) {
            target.put(entry.getDN(), entry.toLDIFString());
            largest = Math.max(largest, entry.getAttributeValueAsLong("entryUSN"));
        }
        return largest;
    }

    private static Void write(int number) {
        var random = new Random(number);
        for (int i = 0; i < TRANSACTIONS; i++) {
            server.sql().useTransaction(handle -> {
                for (int steps = 1 + random.nextInt(3); steps > 0; steps--) {
                    step(handle, random, number);
                }
            });
        }
        return null;
    }

    private static void step(Handle handle, Random random, int number) {
        var person = "p" + random.nextInt(PEOPLE);
        var group = "g" + random.nextInt(WRITERS);
        switch (random.nextInt(8)) {
            case 0 -> handle.execute("update users set gecos = ? where username = ?", "Room " + random.nextInt(), person);
            case 1, 2 -> handle.execute("""
                    insert into memberships (uid_number, gid_number)
                    select uid_number, g.gid_number from users, groups g where username = ? and g.cn = ? on conflict do nothing
                    """, person, group);
            case 3 -> handle.execute("""
                    delete from memberships m using users u, groups g
                    where m.uid_number = u.uid_number and m.gid_number = g.gid_number and username = ? and g.cn = ?
                    """, person, group);
            case 4 -> handle.execute("update users set status = case status when 'active' then 'suspended' else 'active' end where username = ?", person);
            case 5 -> handle.execute("update groups set is_administrator = not is_administrator, description = ? where cn = ?", "d" + random.nextInt(), group);
            case 6 -> handle.execute("""
                    insert into ssh_keys (uid_number, fingerprint, type, key)
                    select uid_number, 'SHA256:' || repeat(?, 43), 'ssh-ed25519', 'AAAA' from users where username = ? on conflict do nothing
                    """, List.of("A", "B", "C").get(random.nextInt(3)), person);
            default -> rows.insertPerson(handle, "w" + number + "-" + Integer.toUnsignedString(random.nextInt()), group);
        }
    }
}
