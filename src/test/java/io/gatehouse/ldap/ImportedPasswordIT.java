package io.gatehouse.ldap;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.ResultCode;
import com.unboundid.ldap.sdk.extensions.WhoAmIExtendedRequest;
import com.unboundid.ldap.sdk.extensions.WhoAmIExtendedResult;
import io.gatehouse.directory.DirectoryRows;
import io.gatehouse.testing.GatehouseServer;
import java.time.Duration;
import java.time.OffsetDateTime;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** People who come with a password hash of another system: it lets them in, and becomes an argon2id at the first time. */
class ImportedPasswordIT {

    private static final String PASSWORD = "correct horse battery";
    private static final String PRESENT = "$argon2id$v=19$m=1024,t=1,p=1$";

    private static GatehouseServer server;
    private static DirectoryRows rows;

    @BeforeAll
    static void start() {
        server = GatehouseServer.with("gatehouse.login.delay", "1ms").with("gatehouse.login.max-delay", "1ms").start();
        rows = new DirectoryRows(server);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "argon2i | $argon2i$v=16$m=64,t=3,p=2$ABEiM0RVZneImaq7zN3u/w$3b7hwvrH/tAkOHP7KYzTXN6yHgUhaZCVxxORtSVdDIk",
        "argon2d | $argon2d$v=19$m=64,t=3,p=2$ABEiM0RVZneImaq7zN3u/w$/AXYXZ81WcY+gvLKXcq9EoxxQOPGDp4CbEY9SDnYK7k",
        "argon2id | $argon2id$v=19$m=64,t=3,p=2$ABEiM0RVZneImaq7zN3u/w$b/OSd7oUKYMkIcqSCS3ZPcaU9jxzUfAMBIgSqZlfEFo",
        "bcrypt | $2b$12$gVeQx.x.v0v8hEJamAF2u.NQOoSifm7MMe8rStnf0KQX.mTC42KB.",
        "bcrypt-y | $2y$04$abcdefghijklmnopqrstuuqREtd3VJD2QVZbuFskFSLk6eRIrQoOS",
        "skypanel | ba9c3ef700b6de474b706aea98d13043eda61fb74744cfa3ddc2c124d41d72bbd9133a089140f0b26271c4d8d5d92dcf186b8f3451bcab31527466fff1000bf8"
                + ".00112233445566778899aabbccddeeff",
        "better-auth | 00112233445566778899aabbccddeeff"
                + ":267a33c2ae63f1c2d542f84d50b7d87c68900c8b9475f6a47ade71cf44b234822e0a34af1d226572b5caf52809319d4c486f3d209cc2fd022fb53bb4eaeb35b1",
        "scrypt | $scrypt$ln=10,r=8,p=2$ABEiM0RVZneImaq7zN3u/w$5JIWIHWvqSYi1h9W2zqfsBBwx1s73iDqtWawQgCxsEk",
        "openldap-pbkdf2 | {PBKDF2-SHA256}10000$95ljqyBvPuI2Ktj88MSsVg$kYO0BsbXZ00IWkitWLXRVGCQInc7J0xdM33ctsGKdUM",
        "passlib-pbkdf2 | $pbkdf2-sha256$1000$.//.M0RVZneImaq7zN3u/w$M7ls07YRSv8luHfEUxmpAM6FcWshZ6RZHzUjdbP9ztc",
        "django | pbkdf2_sha256$1000$seasalt2$/AgPzJG5e6Yv25JIyxyWfNnB6QXmfp0Y+BEGfC3zoJE=",
        "md5-crypt | $1$0011aabb$Pu/DmIisYFm1ZWkiPteJ6/",
        "sha256-crypt | $5$rounds=1234$00112233aabbccdd$M7J3Bzlw2tEAcrykoil1R6wjFlQJm455s/D4QAqT2..",
        "sha512-crypt | {CRYPT}$6$00112233aabbccdd$g9RxET1IBlpkEcpic7zO2FNXH5tc2HqkyoFtiIYZmAwyaSdmoZZF2Y7u9i.N3b22vH9VWXXMy8FjOCL7.XArv/",
        "sha | {SHA}mN7MYuzjmaIu0w1JDvMzvn/ec4U=",
        "ssha | {SSHA}s31zG3IBMadn/pt9tNKhX+woW6I28oM4",
        "ssha256 | {SSHA256}c+1azpvwg2UEoN9qwwar0WFA8W0kzmq7KYsetBxpfh8AESIzRFVmdw==",
        "ssha512 | {SSHA512}fp0qlLHo7kNdfq8i1PG/9CukOyFh21O/CFD1TFeuU8L0mHdnd1IoIZZ+aFOEdpIwQxWkiN7f9VkXXeYEmE2G3nuDPO/i9drX"})
    void letsItsOwnerInAndIsMadeAnew(String name, String hash) throws Exception {
        rows.person(name);
        rows.sql("update users set password_hash = ? where username = ?", hash, name);
        var changedAt = changedAt(name);

        assertRefused(name, "correct horse batterz");
        assertThat(hashOf("users", "username", name)).isEqualTo(hash);

        try (var connection = server.ldapAs(name, PASSWORD)) {
            untilPresent("users", "username", name);
            var whoAmI = (WhoAmIExtendedResult) connection.processExtendedOperation(new WhoAmIExtendedRequest());
            assertThat(whoAmI.getAuthorizationID()).startsWith("dn:uid=" + name + ",");
        }
        server.ldapAs(name, PASSWORD).close();
        assertRefused(name, "correct horse batterz");
        assertThat(changedAt(name)).isEqualTo(changedAt);
    }

    @Test
    void letsAServiceAccountInAndIsMadeAnew() throws Exception {
        rows.serviceAccount("legacy-sssd");
        rows.sql("update service_accounts set password_hash = ? where name = 'legacy-sssd'", "{SSHA}s31zG3IBMadn/pt9tNKhX+woW6I28oM4");
        var dn = "cn=legacy-sssd,ou=services," + server.baseDn();

        new LDAPConnection("localhost", server.ldapPort(), dn, PASSWORD).close();
        untilPresent("service_accounts", "name", "legacy-sssd");
        new LDAPConnection("localhost", server.ldapPort(), dn, PASSWORD).close();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', value = {
        "unknown-form | $y$j9T$abcdefghijklmnopqrst$8PJ4GcdAcI1OdqaKcxqWIkOgiVk8wubV24qxM4jRpW1",
        "endless | $6$rounds=999999999$short$vg5mLPIixiMkKo.F.eCubal7fckUOzVNhCYtcOjPKCLCsoNlhWEAyPPboPVVTQ/qzqek017iRcxus5B1Hj7Hs0",
        "empty | {SHA}2jmj7l5rSw0yVb/vlWAYkK/YBwk="})
    void letsNobodyInByAHashThatIsNotTaken(String name, String hash) {
        rows.person(name);
        rows.sql("update users set password_hash = ? where username = ?", hash, name);
        assertRefused(name, PASSWORD);
    }

    private static void assertRefused(String name, String password) {
        var refusal = catchThrowableOfType(LDAPException.class, () -> server.ldapAs(name, password).close());
        assertThat(refusal.getResultCode()).isEqualTo(ResultCode.INVALID_CREDENTIALS);
    }

    private static String hashOf(String table, String key, String name) {
        return server.sql().withHandle(handle -> handle.createQuery("select password_hash from " + table + " where " + key + " = :name")
                .bind("name", name).mapTo(String.class).one());
    }

    private static OffsetDateTime changedAt(String name) {
        return server.sql().withHandle(handle -> handle.createQuery("select password_changed_at from users where username = :name")
                .bind("name", name).mapTo(OffsetDateTime.class).one());
    }

    /** The new hash is stored in the background. */
    private static void untilPresent(String table, String key, String name) throws InterruptedException {
        long deadline = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (!hashOf(table, key, name).startsWith(PRESENT)) {
            assertThat(System.nanoTime()).as("stored in time").isLessThan(deadline);
            Thread.sleep(10);
        }
    }
}
