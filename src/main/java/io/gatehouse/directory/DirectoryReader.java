package io.gatehouse.directory;

import io.gatehouse.access.AccessRows;
import io.gatehouse.access.DefaultAccess;
import io.gatehouse.access.Place;
import io.gatehouse.access.Policy;
import io.gatehouse.platform.Database;
import jakarta.inject.Singleton;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;
import org.jdbi.v3.core.statement.StatementContext;
import org.jdbi.v3.core.transaction.TransactionIsolationLevel;

/** Reads the rows that entries are made of, all of them or those that changed, at one moment of the database. */
@Singleton
final class DirectoryReader {

    private static final int FETCH_ROWS = 2_000;

    record PersonRow(int uidNumber, UUID entryUuid, String username, int gidNumber, String cn, String sn, String givenName,
                     String mail, String gecos, String homeDirectory, String loginShell, String passwordHash,
                     Instant passwordChangedAt, boolean passwordChangeRequired, boolean active, long usn, Instant createdAt, Instant updatedAt,
                     List<String> sshPublicKeys, List<Integer> groups, Instant secondFactorSince, List<AppPassword> appPasswords) {
    }

    /** @param groups numbers of the groups right in it */
    record GroupRow(int gidNumber, UUID entryUuid, String cn, String description, boolean isAdministrator, SecondFactorPolicy secondFactorPolicy,
                    List<Integer> groups, long usn,
                    Instant createdAt, Instant updatedAt) {
    }

    record ServiceAccountRow(String name, UUID entryUuid, String description, String passwordHash, Instant passwordChangedAt,
                             SecondFactorPolicy secondFactorPolicy, long usn, Instant createdAt, Instant updatedAt) {
    }

    /**
     * A container that has joined.
     *
     * @param joinedAs    its name at that time
     * @param ipv4Address null if it has none
     */
    record HostRow(int containerId, UUID entryUuid, String hostname, String joinedAs, String ipv4Address, byte[] secretHash,
                   Instant secretChangedAt, long usn, Instant createdAt, Instant updatedAt) {

        @Override
        public String toString() {
            return "HostRow[" + hostname + "]";
        }
    }

    interface Rows {

        void forEachPerson(Consumer<PersonRow> visitor);

        void forEachGroup(Consumer<GroupRow> visitor);

        void forEachServiceAccount(Consumer<ServiceAccountRow> visitor);

        void forEachHost(Consumer<HostRow> visitor);

        void forEachPlace(Consumer<Place> visitor);

        /** Those that are switched on. */
        void forEachPolicy(Consumer<Policy> visitor);

        DefaultAccess defaultAccess();
    }

    private static final String PERSON = """
            select u.uid_number, u.entry_uuid, u.username, u.gid_number, u.cn, u.sn, u.given_name, u.mail, u.gecos,
                   u.home_directory, u.login_shell, u.password_hash, u.password_changed_at, u.password_change_required, u.status = 'active' as active,
                   u.usn, u.created_at, u.updated_at,
                   array(select rtrim(k.type || ' ' || k.key || ' ' || k.comment) from ssh_keys k
                         where k.uid_number = u.uid_number order by k.created_at, k.fingerprint) as ssh_public_keys,
                   array(select m.gid_number from memberships m where m.uid_number = u.uid_number) as groups,
                   (select t.confirmed_at from totp_factors t where t.uid_number = u.uid_number) as second_factor_since,
                   array(select concat_ws(' ', a.id, encode(a.secret_hash, 'hex'), coalesce((extract(epoch from a.expires_at) * 1000)::bigint, 0),
                                          array_to_string(a.allowed_networks::text[], ','))
                         from app_passwords a where a.uid_number = u.uid_number order by a.id) as app_passwords
            from users u
            """;
    private static final String GROUP = """
            select g.gid_number, g.entry_uuid, g.cn, g.description, g.is_administrator, g.ldap_second_factor, g.usn, g.created_at,
                   g.updated_at,
                   array(select n.member_gid_number from group_nestings n where n.gid_number = g.gid_number) as groups
            from groups g
            """;
    private static final String SERVICE_ACCOUNT = """
            select name, entry_uuid, description, password_hash, password_changed_at, ldap_second_factor, usn, created_at, updated_at
            from service_accounts
            """;
    private static final String HOST = """
            select m.container_id, m.entry_uuid, c.hostname, m.joined_as, host(c.ipv4_address) as address, m.secret_hash, m.secret_changed_at,
                   m.usn, m.created_at, m.updated_at
            from machine_accounts m join containers c on c.id = m.container_id
            """;

    private final Database database;
    private final AccessRows access;

    DirectoryReader(Database database, AccessRows access) {
        this.database = database;
        this.access = access;
    }

    private abstract class RowsOf implements Rows {

        final Handle handle;

        RowsOf(Handle handle) {
            this.handle = handle;
        }

        @Override
        public DefaultAccess defaultAccess() {
            return access.byDefault(handle);
        }
    }

    void readAll(Consumer<Rows> reading) {
        atOneMoment(each -> reading.accept(new RowsOf(each) {
            @Override
            public void forEachPerson(Consumer<PersonRow> visitor) {
                handle.createQuery(PERSON).setFetchSize(FETCH_ROWS).map(DirectoryReader::person).forEach(visitor);
            }

            @Override
            public void forEachGroup(Consumer<GroupRow> visitor) {
                handle.createQuery(GROUP).setFetchSize(FETCH_ROWS).map(DirectoryReader::group).forEach(visitor);
            }

            @Override
            public void forEachServiceAccount(Consumer<ServiceAccountRow> visitor) {
                handle.createQuery(SERVICE_ACCOUNT).map(DirectoryReader::serviceAccount).forEach(visitor);
            }

            @Override
            public void forEachHost(Consumer<HostRow> visitor) {
                handle.createQuery(HOST).setFetchSize(FETCH_ROWS).map(DirectoryReader::host).forEach(visitor);
            }

            @Override
            public void forEachPlace(Consumer<Place> visitor) {
                access.places(handle).forEach(visitor);
            }

            @Override
            public void forEachPolicy(Consumer<Policy> visitor) {
                access.policies(handle).forEach(visitor);
            }
        }));
    }

    /**
     * Reads the rows with a change number above {@code usn}, and those with the given keys, which the reading may take away. Rows with a change number
     * are read all or none: whoever has seen a number has seen all that is below.
     */
    void readNewer(long usn, ChangedKeys keys, Consumer<Rows> reading) {
        boolean concernNumbered = keys.concernNumbered();
        boolean concernPlaces = keys.concernPlaces();
        atOneMoment(each -> reading.accept(new RowsOf(each) {
            @Override
            public void forEachPerson(Consumer<PersonRow> visitor) {
                newer(PERSON + "where u.usn > :usn or u.uid_number = any(:keys)", Integer.class, keys.people(), DirectoryReader::person, visitor);
            }

            @Override
            public void forEachGroup(Consumer<GroupRow> visitor) {
                newer(GROUP + "where g.usn > :usn or g.gid_number = any(:keys)", Integer.class, keys.groups(), DirectoryReader::group, visitor);
            }

            @Override
            public void forEachServiceAccount(Consumer<ServiceAccountRow> visitor) {
                newer(SERVICE_ACCOUNT + "where usn > :usn or name = any(:keys)", String.class, keys.serviceAccounts(),
                        DirectoryReader::serviceAccount, visitor);
            }

            @Override
            public void forEachHost(Consumer<HostRow> visitor) {
                newer(HOST + "where m.usn > :usn or m.container_id = any(:keys)", Integer.class, keys.machineAccounts(), DirectoryReader::host, visitor);
            }

            @Override
            public void forEachPlace(Consumer<Place> visitor) {
                if (concernPlaces) {
                    access.places(handle, keys.places(), keys.nodes(), keys.sites()).forEach(visitor);
                }
            }

            @Override
            public void forEachPolicy(Consumer<Policy> visitor) {
                if (concernNumbered) {
                    access.policies(handle, usn, keys.policies()).forEach(visitor);
                }
            }

            private <K, R> void newer(String sql, Class<K> keyType, Collection<K> named, RowMapper<R> mapper,
                                      Consumer<R> visitor) {
                if (concernNumbered) {
                    handle.createQuery(sql).setFetchSize(FETCH_ROWS)
                            .bind("usn", usn).bindArray("keys", keyType, named.toArray())
                            .map(mapper).forEach(visitor);
                }
            }
        }));
    }

    private void atOneMoment(Consumer<Handle> reading) {
        database.jdbi().useTransaction(TransactionIsolationLevel.REPEATABLE_READ, handle -> reading.accept(handle));
    }

    private static PersonRow person(ResultSet row, StatementContext context) throws SQLException {
        return new PersonRow(row.getInt("uid_number"), row.getObject("entry_uuid", UUID.class), row.getString("username"),
                row.getInt("gid_number"), row.getString("cn"), row.getString("sn"), row.getString("given_name"),
                row.getString("mail"), row.getString("gecos"), row.getString("home_directory"), row.getString("login_shell"),
                row.getString("password_hash"), instant(row, "password_changed_at"), row.getBoolean("password_change_required"), row.getBoolean("active"), row.getLong("usn"),
                instant(row, "created_at"), instant(row, "updated_at"),
                List.of((String[]) row.getArray("ssh_public_keys").getArray()), List.of((Integer[]) row.getArray("groups").getArray()),
                instant(row, "second_factor_since"), Stream.of((String[]) row.getArray("app_passwords").getArray()).map(AppPassword::parse).toList());
    }

    private static GroupRow group(ResultSet row, StatementContext context) throws SQLException {
        return new GroupRow(row.getInt("gid_number"), row.getObject("entry_uuid", UUID.class), row.getString("cn"),
                row.getString("description"), row.getBoolean("is_administrator"), policy(row),
                List.of((Integer[]) row.getArray("groups").getArray()), row.getLong("usn"),
                instant(row, "created_at"), instant(row, "updated_at"));
    }

    private static ServiceAccountRow serviceAccount(ResultSet row, StatementContext context) throws SQLException {
        return new ServiceAccountRow(row.getString("name"), row.getObject("entry_uuid", UUID.class), row.getString("description"),
                row.getString("password_hash"), instant(row, "password_changed_at"), policy(row), row.getLong("usn"),
                instant(row, "created_at"), instant(row, "updated_at"));
    }

    private static SecondFactorPolicy policy(ResultSet row) throws SQLException {
        var policy = row.getString("ldap_second_factor");
        return policy == null ? null : SecondFactorPolicy.parse(policy);
    }

    private static HostRow host(ResultSet row, StatementContext context) throws SQLException {
        return new HostRow(row.getInt("container_id"), row.getObject("entry_uuid", UUID.class), row.getString("hostname"), row.getString("joined_as"),
                row.getString("address"), row.getBytes("secret_hash"), instant(row, "secret_changed_at"), row.getLong("usn"),
                instant(row, "created_at"), instant(row, "updated_at"));
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        var timestamp = row.getTimestamp(column);
        return timestamp == null ? null : timestamp.toInstant();
    }
}
