package io.gatehouse.testing;

import com.unboundid.ldap.sdk.LDAPConnection;
import com.unboundid.ldap.sdk.LDAPException;
import com.unboundid.util.ssl.SSLUtil;
import com.unboundid.util.ssl.PEMFileTrustManager;
import io.gatehouse.Gatehouse;
import io.gatehouse.identity.Bootstrap;
import io.gatehouse.ldap.LdapServer;
import io.gatehouse.platform.Database;
import io.gatehouse.platform.tls.TlsMaterial;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import javax.net.ssl.SSLSocketFactory;
import org.jdbi.v3.core.Jdbi;

/** A whole server in this JVM: random ports, a database of its own, an administrator named {@value #ADMINISTRATOR}. */
public final class GatehouseServer implements AutoCloseable {

    public static final String ADMINISTRATOR = "root-of-all";
    /** Tests reach nothing outside of this machine. */
    private static final String NOBODY = "http://127.0.0.1:9";

    public static final String PASSWORD = "correct horse battery";

    private final Gatehouse gatehouse;
    private final Path dataDirectory;
    private final TestPostgres.TestDatabase database;
    private final boolean ownDatabase;
    private final HttpClient http = HttpClient.newHttpClient();
    private String adminToken;

    private GatehouseServer(Gatehouse gatehouse, Path dataDirectory, TestPostgres.TestDatabase database, boolean ownDatabase) {
        this.gatehouse = gatehouse;
        this.dataDirectory = dataDirectory;
        this.database = database;
        this.ownDatabase = ownDatabase;
    }

    public static GatehouseServer start() {
        return new Builder().start();
    }

    public static Builder with(String property, Object value) {
        return new Builder().with(property, value);
    }

    /** Settings of a server that is not started yet. */
    public static final class Builder {

        private final Map<String, Object> properties = new HashMap<>();
        private TestPostgres.TestDatabase database;

        public Builder with(String property, Object value) {
            properties.put(property, value);
            return this;
        }

        /** A database that others may use, too. */
        public Builder on(TestPostgres.TestDatabase shared) {
            database = shared;
            return this;
        }

        public GatehouseServer start() {
            try {
                var data = Files.createTempDirectory("gatehouse-test");
                var postgres = database == null ? TestPostgres.migratedDatabase() : database;
                var all = new HashMap<String, Object>(Map.of(
                        "datasources.default.maximum-pool-size", 8,
                        "gatehouse.data-dir", data.toString(),
                        "gatehouse.cloudflare.url", NOBODY,
                        "gatehouse.acme.enabled", false,
                        "gatehouse.http.port", 0,
                        "gatehouse.ldap.port", 0,
                        "gatehouse.ldap.ldaps-port", 0,
                        "gatehouse.admin-username", ADMINISTRATOR,
                        "gatehouse.admin-password", PASSWORD));
                all.putAll(postgres.settings());
                all.put("gatehouse.ldap.allow-cleartext-from-loopback", true);
                all.put("gatehouse.argon2.memory-kib", 1024);
                all.put("gatehouse.argon2.iterations", 1);
                all.put("gatehouse.access-log", "none");
                all.putAll(properties);
                all.values().removeIf(""::equals);
                return new GatehouseServer(Gatehouse.start(all), data, postgres, database == null);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }

    public String httpUrl() {
        return "http://localhost:" + gatehouse.httpPort();
    }

    public int ldapPort() {
        return gatehouse.bean(LdapServer.class).port();
    }

    public int ldapsPort() {
        return gatehouse.bean(LdapServer.class).ldapsPort();
    }

    public String baseDn() {
        return gatehouse.bean(LdapServer.class).baseDn();
    }

    public Path caFile() {
        return gatehouse.bean(TlsMaterial.class).caFile();
    }

    public Path dataDirectory() {
        return dataDirectory;
    }

    public TestPostgres.TestDatabase database() {
        return database;
    }

    public Jdbi sql() {
        return gatehouse.bean(Database.class).jdbi();
    }

    public String bootstrapToken() {
        return gatehouse.bean(Bootstrap.class).token().orElseThrow();
    }

    public <T> T bean(Class<T> type) {
        return gatehouse.bean(type);
    }

    /** Trusts this server's CA and nobody else. */
    public SSLSocketFactory trustingCa() {
        try {
            return new SSLUtil(new PEMFileTrustManager(caFile().toFile())).createSSLSocketFactory();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A connection in the clear that is not bound. */
    public LDAPConnection ldap() throws LDAPException {
        return new LDAPConnection("localhost", ldapPort());
    }

    /** A connection in the clear, bound as this person. */
    public LDAPConnection ldapAs(String username, String password) throws LDAPException {
        return new LDAPConnection("localhost", ldapPort(), "uid=" + username + ",ou=people," + baseDn(), password);
    }

    public LDAPConnection ldapAsAdministrator() throws LDAPException {
        return ldapAs(ADMINISTRATOR, PASSWORD);
    }

    /** The administrator's access token. */
    public synchronized String adminToken() {
        if (adminToken == null) {
            var answer = send("POST", "/api/v1/auth/login", null,
                    "{\"username\": \"" + ADMINISTRATOR + "\", \"password\": \"" + PASSWORD + "\"}");
            adminToken = answer.body().replaceFirst("(?s).*\"access_token\"\\s*:\\s*\"([^\"]+)\".*", "$1");
        }
        return adminToken;
    }

    /** A request as the administrator. */
    public HttpResponse<String> send(String method, String path, String json) {
        return send(method, path, adminToken(), json);
    }

    /** @param token null: as nobody */
    public HttpResponse<String> send(String method, String path, String token, String json) {
        return send(method, path, token, json, Map.of());
    }

    /** @param headers besides those of the token and the body */
    public HttpResponse<String> send(String method, String path, String token, String json, Map<String, String> headers) {
        var request = HttpRequest.newBuilder(URI.create(httpUrl() + path)).method(method,
                json == null ? HttpRequest.BodyPublishers.noBody() : HttpRequest.BodyPublishers.ofString(json));
        headers.forEach(request::header);
        if (token != null) {
            request.header("Authorization", "Bearer " + token);
        }
        if (json != null) {
            request.header("Content-Type", method.equals("PATCH") ? "application/merge-patch+json" : "application/json");
        }
        try {
            return http.send(request.build(), HttpResponse.BodyHandlers.ofString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        http.close();
        gatehouse.close();
        if (ownDatabase) {
            database.drop();
        }
        try (var files = Files.walk(dataDirectory)) {
            files.sorted(Comparator.reverseOrder()).forEach(file -> file.toFile().delete());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
