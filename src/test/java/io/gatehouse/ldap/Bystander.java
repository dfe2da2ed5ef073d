package io.gatehouse.ldap;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPConnectionOptions;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.ldap.sdk.SearchResult;
import com.unboundid.ldap.sdk.SearchScope;
import javax.net.ssl.SSLSocketFactory;

/** An honest client, such as SSSD: one connection that stays, and new ones all the time. */
final class Bystander implements AutoCloseable {

    private static final int PATIENCE_MILLIS = 60_000;

    private final int plainPort;
    private final int tlsPort;
    private final String baseDn;
    private final DirectoryAccounts.ServiceAccount account;
    private final String knownUid;
    private final SSLSocketFactory tls;
    private final LDAPConnection lasting;

    Bystander(
            int plainPort, int tlsPort, String baseDn, DirectoryAccounts.ServiceAccount account, String knownUid,
            SSLSocketFactory tls) throws LDAPException {
        this.plainPort = plainPort;
        this.tlsPort = tlsPort;
        this.baseDn = baseDn;
        this.account = account;
        this.knownUid = knownUid;
        this.tls = tls;
        this.lasting = bound();
    }

    void isServed() throws LDAPException {
        findsItsUser(lasting);
        try (LDAPConnection fresh = bound()) {
            findsItsUser(fresh);
        }
        try (LDAPConnection anonymous = new LDAPConnection(options(), "127.0.0.1", plainPort)) {
            assertNotNull(anonymous.getRootDSE());
        }
    }

    private LDAPConnection bound() throws LDAPException {
        return new LDAPConnection(tls, options(), "127.0.0.1", tlsPort, account.dn(), account.password());
    }

    private void findsItsUser(LDAPConnection connection) throws LDAPException {
        SearchResult found = connection.search("ou=people," + baseDn, SearchScope.ONE,
                "(&(uid=" + knownUid + ")(objectClass=posixAccount)(&(uidNumber=*)(!(uidNumber=0))))", "uid");
        assertEquals(1, found.getEntryCount());
    }

    private static LDAPConnectionOptions options() {
        LDAPConnectionOptions options = new LDAPConnectionOptions();
        options.setConnectTimeoutMillis(PATIENCE_MILLIS);
        options.setResponseTimeoutMillis(PATIENCE_MILLIS);
        return options;
    }

    @Override
    public void close() {
        lasting.close();
    }
}
