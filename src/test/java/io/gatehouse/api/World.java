package io.gatehouse.api;

import static org.assertj.core.api.Assertions.assertThat;

import com.nimbusds.jose.util.JSONObjectUtils;
import io.gatehouse.credentials.RandomSecret;
import io.gatehouse.credentials.TotpSecret;
import io.gatehouse.platform.MasterKey;
import io.gatehouse.platform.http.Answer;
import io.gatehouse.platform.http.ApiClient;
import io.gatehouse.testing.GatehouseServer;
import io.gatehouse.testing.TestCertificate;
import io.gatehouse.testing.Totp;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Makes things that requests can be about; each is new. */
final class World {

    static final String PASSWORD = "the harvard mark one";

    private static final AtomicInteger COUNT = new AtomicInteger();

    private final GatehouseServer server;
    private final ApiClient administrator;

    World(GatehouseServer server) {
        this.server = server;
        administrator = ApiClient.administrator(server);
    }

    /** A server that lets a test do in a minute what people do in a day. */
    static GatehouseServer start() {
        return GatehouseServer.with("gatehouse.public-url", "https://gatehouse.example.org").with("gatehouse.requests.per-address", 10_000).with("gatehouse.requests.per-account", 10_000)
                .with("gatehouse.max-registrations", 10_000).with("gatehouse.login.delay", "1ms").with("gatehouse.login.max-delay", "1ms")
                .with("gatehouse.api-key-rate-limit", 1_000_000).with("gatehouse.api-key-max-rate-limit", 1_000_000).start();
    }

    /** A name that nothing has. */
    static String name(String kind) {
        return kind + COUNT.incrementAndGet();
    }

    static int number() {
        return COUNT.incrementAndGet();
    }

    GatehouseServer server() {
        return server;
    }

    ApiClient administrator() {
        return administrator;
    }

    /** An active user. */
    String user() {
        var name = name("u");
        make("/users", """
                {"username": "%s", "givenName": "Grace", "sn": "Hopper", "password": "%s"}""".formatted(name, PASSWORD));
        return name;
    }

    /** An active user who is an administrator. */
    String administratorUser() {
        var name = user();
        done(administrator.put("/groups/sysadmins/members/" + name, null), 204);
        return name;
    }

    void demote(String username) {
        done(administrator.delete("/groups/sysadmins/members/" + username), 204);
    }

    void suspend(String username) {
        done(administrator.post("/users/" + username + "/suspend", "{\"reason\": \"left the company\"}"), 200);
    }

    String token(String username) {
        return login(username).textAt("access_token");
    }

    Answer login(String username) {
        var first = ApiClient.anonymous(server).login(username, PASSWORD);
        return first.status() == 200 ? first : done(ApiClient.anonymous(server).post("/auth/login/second-factor", """
                {"challenge": "%s", "code": "%s"}""".formatted(first.textAt("challenge"), recoveryCode(username))), 200);
    }

    /** Gives a user a second factor, but ends none of his sessions. */
    void enrol(String username) {
        authenticator(username, "now()");
    }

    /** @return a recovery code of a user who has a second factor */
    String recoveryCode(String username) {
        var code = RandomSecret.recoveryCodes().getFirst();
        server.sql().useHandle(handle -> handle.execute("insert into recovery_codes (uid_number, code_hash) select uid_number, ? from users where username = ?",
                RandomSecret.recoveryHash(code), username));
        return code;
    }

    /** @return what the first step of this user's login answers */
    String challenge(String username) {
        enrol(username);
        return done(ApiClient.anonymous(server).login(username, PASSWORD), 401).textAt("challenge");
    }

    /** @return a code of an authenticator that this user has to confirm */
    String codeToConfirm(String username) {
        return Totp.code(authenticator(username, "null"), 0);
    }

    private byte[] authenticator(String username, String confirmedAt) {
        var secret = TotpSecret.generate().bytes();
        server.sql().useTransaction(handle -> {
            int uidNumber = handle.createQuery("select uid_number from users where username = :name").bind("name", username).mapTo(int.class).one();
            handle.execute("insert into totp_factors (uid_number, secret, confirmed_at) values (?, ?, " + confirmedAt + ")"
                            + " on conflict (uid_number) do update set secret = excluded.secret, confirmed_at = excluded.confirmed_at, last_step = null",
                    uidNumber, server.bean(MasterKey.class).encrypt(secret, "totp:" + uidNumber));
        });
        return secret;
    }

    /** @return its id */
    String appPassword(String username) {
        return done(ApiClient.withToken(server, token(username)).post("/me/app-passwords", "{\"name\": \"calendar\"}"), 201).textAt("id");
    }

    /** Of a new login. */
    String session(String username) {
        login(username);
        return administrator.get("/users/" + username + "/sessions").items().getLast().get("id").toString();
    }

    /** @return the id of a key of this user */
    String apiKey(String username) {
        return done(key(ApiClient.withToken(server, token(username)), "users:read", null), 201).textAt("id");
    }

    /** @return a key of this user */
    String key(String username, String scope) {
        return done(key(ApiClient.withToken(server, token(username)), scope, null), 201).textAt("key");
    }

    /** @return a key of a service account */
    String serviceKey(String scope) {
        return done(key(administrator, scope, serviceAccount()), 201).textAt("key");
    }

    private static Answer key(ApiClient client, String scope, String serviceAccount) {
        return client.post("/api-keys", """
                {"description": "a test", "scopes": ["%s"], "serviceAccount": %s}"""
                .formatted(scope, serviceAccount == null ? null : "\"" + serviceAccount + "\""));
    }

    /** Of a link in an answer, for the server sends no mail. */
    String passwordResetToken(String username) {
        return fragment(done(administrator.post("/users/" + username + "/password-reset", null), 200).textAt("link"));
    }

    String invitationToken() {
        return fragment(done(administrator.post("/invitations/" + invitation() + "/resend", null), 200).textAt("link"));
    }

    /** @return its id */
    String invitation() {
        var mail = name("i") + "@example.org";
        done(administrator.post("/invitations", "{\"mails\": [\"" + mail + "\"]}"), 200);
        return administrator.get("/invitations?mail=" + mail).items().getFirst().get("id").toString();
    }

    private static String fragment(String link) {
        return link.substring(link.indexOf('#') + 1);
    }

    String group() {
        var name = name("g");
        make("/groups", "{\"cn\": \"" + name + "\"}");
        return name;
    }

    /** A group with this member. */
    String groupOf(String username) {
        var group = group();
        done(administrator.put("/groups/" + group + "/members/" + username, null), 204);
        return group;
    }

    /** A group that is right in this one. */
    String groupIn(String outer) {
        var group = group();
        done(administrator.put("/groups/" + outer + "/groups/" + group, null), 204);
        return group;
    }

    /** The first three numbers of a network that no site has. */
    static String network() {
        int number = number();
        return "10." + number / 256 + "." + number % 256;
    }

    String siteName() {
        return administrator.get("/sites/" + site()).textAt("name");
    }

    String site() {
        var name = name("site");
        return id(make("/sites", """
                {"name": "%1$s", "internalDomain": "%1$s.internal", "dhcpRange": "%2$s.10,%2$s.250", "subnetMask": "255.255.255.0",
                 "gateway": "%2$s.1"}""".formatted(name, network())));
    }

    /** @return a key for agents of this site */
    String agentKey(String site) {
        return make("/sites/" + site + "/agent-keys", "{\"name\": \"" + name("a") + "\"}").textAt("key");
    }

    /** @return the id of a key for agents of this site */
    String agentKeyId(String site) {
        return make("/sites/" + site + "/agent-keys", "{\"name\": \"" + name("a") + "\"}").textAt("id");
    }

    /** @return its id */
    String agent() {
        var site = site();
        var host = name("gw");
        done(ApiClient.withToken(server, agentKey(site)).post("/sites/" + site + "/agents/checkin", """
                {"host": "%s", "agentVersion": "1", "result": "applied"}""".formatted(host)), 204);
        return administrator.get("/agents?q=" + host).items().getFirst().get("id").toString();
    }

    String node() {
        return id(make("/nodes", """
                {"siteId": %s, "name": "%s"}""".formatted(site(), name("pve"))));
    }

    String externalDomain() {
        return id(make("/external-domains", """
                {"domain": "%s.example.org"}""".formatted(name("d"))));
    }

    /** @return the external domain that has it */
    String domainCertificate() {
        var domain = externalDomain();
        done(administrator.put("/external-domains/" + domain + "/certificate", certificateFor(domain)), 200);
        return domain;
    }

    /** @return the id of a certificate of a domain that leads to the site */
    String certificateAt(String site) {
        var domain = domainCertificate();
        done(administrator.patch("/external-domains/" + domain, "{\"siteId\": " + site + "}"), 200);
        return done(administrator.get("/external-domains/" + domain + "/certificate"), 200).textAt("id");
    }

    /** What is to be sent for a certificate of the external domain. */
    String certificateFor(String domain) {
        var certificate = TestCertificate.of(done(administrator.get("/external-domains/" + domain), 200).textAt("domain"));
        return JSONObjectUtils.toJSONString(Map.of("chain", certificate.pem(), "key", certificate.keyPem()));
    }

    String siteWithNode() {
        var site = site();
        make("/nodes", """
                {"siteId": %s, "name": "%s"}""".formatted(site, name("pve")));
        return site;
    }

    String container(String owner) {
        return id(make("/containers", """
                {"hostname": "%s", "username": "%s", "nodeId": %s}""".formatted(name("web"), owner, node())));
    }

    /** Lets somebody in, who has this token. */
    void collaborate(String container, String token) {
        addCollaborator(container, ApiClient.withToken(server, token).get("/me").textAt("username"));
    }

    /** @return somebody who is let in there */
    String collaborator(String container) {
        var user = user();
        addCollaborator(container, user);
        return user;
    }

    private void addCollaborator(String container, String username) {
        done(administrator.put("/containers/" + container + "/collaborators/" + username, null), 204);
    }

    /** @return its id */
    String policy() {
        return id(make("/policies", """
                {"name": "%s", "effect": "allow", "targets": [{"type": "group", "id": "%s"}], "destinations": [{"type": "cidr", "id": "10.0.0.0/8"}]}"""
                .formatted(name("p"), group())));
    }

    /** @return a join token of it */
    String joinToken(String container) {
        return done(administrator.post("/containers/" + container + "/join-token", null), 200).textAt("token");
    }

    /** @return the password of its account */
    String joined(String container) {
        var answer = server.send("POST", "/join", null, "{\"token\": \"" + joinToken(container) + "\"}");
        assertThat(answer.statusCode()).as(answer.body()).isEqualTo(200);
        return answer.body().replaceFirst("(?s).*\nldap_default_authtok = ([^\n]+)\n.*", "$1");
    }

    String service(String container) {
        return id(make("/containers/" + container + "/services", """
                {"type": "dns", "containerPort": 389, "serviceName": "_ldap._tcp"}"""));
    }

    /** As the server itself makes jobs for its users. */
    String job(String owner) {
        return server.sql().inTransaction(handle -> handle
                .createQuery("insert into jobs (name, created_by) select 'Create web1', uid_number from users where username = :owner returning id")
                .bind("owner", owner)
                .mapTo(String.class)
                .findOne().orElseThrow(() -> new AssertionError("There is no user " + owner + ".")));
    }

    String endedJob(String owner) {
        var job = job(owner);
        make("/jobs/" + job + "/statuses", "{\"message\": \"There is no template.\"}");
        done(administrator.patch("/jobs/" + job, "{\"status\": \"failure\"}"), 200);
        return job;
    }

    private static String id(Answer answer) {
        return answer.at("id").toString();
    }

    String serviceAccount() {
        var name = name("s");
        make("/service-accounts", "{\"name\": \"" + name + "\"}");
        return name;
    }

    /** @return its fingerprint */
    String sshKey(String username) {
        return make("/users/" + username + "/ssh-keys", "{\"publicKey\": \"" + publicKey() + "\"}").textAt("fingerprint");
    }

    static String publicKey() {
        var type = "ssh-ed25519".getBytes(StandardCharsets.US_ASCII);
        var key = ByteBuffer.allocate(32).putInt(number()).array();
        var blob = ByteBuffer.allocate(2 * Integer.BYTES + type.length + key.length)
                .putInt(type.length).put(type).putInt(key.length).put(key).array();
        return "ssh-ed25519 " + Base64.getEncoder().encodeToString(blob) + " grace@laptop";
    }

    private Answer make(String path, String json) {
        return done(administrator.post(path, json), 201);
    }

    private static Answer done(Answer answer, int status) {
        assertThat(answer.status()).as(() -> answer.response().request() + "\n" + answer.text()).isEqualTo(status);
        return answer;
    }
}
