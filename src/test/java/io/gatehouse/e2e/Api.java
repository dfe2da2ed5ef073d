package io.gatehouse.e2e;

import io.gatehouse.testing.Totp;
import io.micronaut.core.type.Argument;
import io.micronaut.json.JsonMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The HTTP API of a node, asked by {@code curl} from within the lab's network, as the administrator. */
final class Api {

    static final String ADMINISTRATOR = "warden";
    static final String ADMINISTRATOR_PASSWORD = "the keeper of nine gates";
    private static final Argument<Map<String, Object>> JSON = Argument.mapOf(String.class, Object.class);

    private final JsonMapper mapper = JsonMapper.createDefault();
    private final List<String> inNetwork;
    private final String url;
    private String token;

    Api(List<String> inNetwork, String url) {
        this.inNetwork = inNetwork;
        this.url = url;
    }

    /** Whether the node is in full health, its database included. */
    boolean isReady() {
        return outcome("GET", url + "/health", "", List.of()).succeeded();
    }

    /** @return the user as Gatehouse answers it */
    Map<String, Object> createUser(String username, String password, String publicKey, List<String> groups) {
        return json(post("/users", Map.of("username", username, "givenName", "Given", "sn", username, "mail", username + "@gatehouse.test",
                "password", password, "sshPublicKeys", List.of(publicKey), "status", "active", "groups", groups)));
    }

    void addSshKey(String username, String publicKey) {
        post("/users/" + username + "/ssh-keys", Map.of("publicKey", publicKey));
    }

    void suspend(String username) {
        post("/users/" + username + "/suspend", Map.of("reason", "end-to-end test"));
    }

    void requirePasswordChange(String username) {
        ask("PATCH", "/users/" + username, json(Map.of("passwordChangeRequired", true)));
    }

    void activate(String username) {
        post("/users/" + username + "/activate", Map.of());
    }

    /** @return the group as Gatehouse answers it */
    Map<String, Object> createGroup(String cn) {
        return json(post("/groups", Map.of("cn", cn)));
    }

    void addMember(String group, String username) {
        ask("PUT", "/groups/" + group + "/members/" + username, "");
    }

    void nest(String outer, String inner) {
        ask("PUT", "/groups/" + outer + "/groups/" + inner, "");
    }

    void removeMember(String group, String username) {
        ask("DELETE", "/groups/" + group + "/members/" + username, "");
    }

    ServiceAccount createServiceAccount(String name) {
        var account = json(post("/service-accounts", Map.of("name", name)));
        return new ServiceAccount(name, (String) account.get("dn"), (String) account.get("password"));
    }

    /** Has everybody's logins approved on the phone, by way of the service with this address. */
    void approveLogins(String service) {
        ask("PATCH", "/settings", json(Map.of("push_notification_url", service, "push_notification_enabled", "true")),
                "Content-Type: application/merge-patch+json");
    }

    /** The password is enough again. */
    void approveNothing() {
        ask("DELETE", "/settings/push_notification_enabled", "");
    }

    /** @return the id of a container of the administrator, on a node and a site of its own */
    int createContainer(String hostname) {
        var site = json(post("/sites", Map.of("name", hostname, "internalDomain", hostname + ".internal"))).get("id");
        var node = json(post("/nodes", Map.of("siteId", site, "name", hostname))).get("id");
        return ((Number) json(post("/containers", Map.of("hostname", hostname, "nodeId", node))).get("id")).intValue();
    }

    /** @return what to paste into a shell of the container */
    String joinCommand(int container) {
        return (String) json(ask("POST", "/containers/" + container + "/join-token", "")).get("command");
    }

    boolean hasJoined(int container) {
        return json(ask("GET", "/containers/" + container, "")).get("joinedAt") != null;
    }

    /** @return the new password */
    String rotateMachineAccount(int container) {
        return (String) json(ask("POST", "/containers/" + container + "/machine-account/rotate", "")).get("password");
    }

    /** @return the id of the policy */
    int createPolicy(Map<String, Object> policy) {
        return ((Number) json(post("/policies", policy)).get("id")).intValue();
    }

    void switchPolicy(int policy, boolean active) {
        ask("PATCH", "/policies/" + policy, json(Map.of("active", active)));
    }

    void deletePolicies() {
        for (var policy : (List<?>) json(ask("GET", "/policies", "")).get("items")) {
            ask("DELETE", "/policies/" + ((Map<?, ?>) policy).get("id"), "");
        }
    }

    /** Nobody logs in but where somebody says so. */
    void closeAccess() {
        ask("PUT", "/settings/access_default", json(Map.of("value", "closed")));
    }

    void resetAccessDefault() {
        ask("DELETE", "/settings/access_default", "");
    }

    /** What a container's {@code /etc/sssd/sssd.conf} shall be. */
    String sssdConf(ServiceAccount account, String schema, String uris) {
        return ask("GET", "/sssd.conf?serviceAccount=" + account.name() + "&schema=" + schema + "&uri=" + uris, "",
                "X-Service-Account-Password: " + account.password());
    }

    String caPem() {
        return ask("GET", "/ca.pem", "");
    }

    /**
     * Gives a person a second factor, as that person.
     *
     * @return its secret in Base32; the code of the step before is spent
     */
    String enrol(Person person) {
        var session = (String) json(send("POST", "/auth/login",
                json(Map.of("username", person.name(), "password", person.password())), List.of())).get("access_token");
        var bearer = List.of("Authorization: Bearer " + session);
        var secret = (String) json(send("POST", "/me/totp", "", bearer)).get("secret");
        send("POST", "/me/totp/confirm", json(Map.of("code", Totp.code(secret, -1))), bearer);
        return secret;
    }

    /** @return what was made, as Gatehouse answers it */
    Map<String, Object> make(String path, Map<String, ?> body) {
        return json(post(path, body));
    }

    void put(String path, Map<String, Object> body) {
        ask("PUT", path, json(body));
    }

    void delete(String path) {
        ask("DELETE", path, "");
    }

    Map<String, Object> get(String path) {
        return json(ask("GET", path, ""));
    }

    private String post(String path, Map<String, ?> body) {
        return ask("POST", path, json(body));
    }

    private String ask(String method, String path, String body, String... headers) {
        if (token == null) {
            token = (String) json(send("POST", "/auth/login",
                    json(Map.of("username", ADMINISTRATOR, "password", ADMINISTRATOR_PASSWORD)), List.of())).get("access_token");
        }
        var all = new ArrayList<>(List.of(headers));
        all.add("Authorization: Bearer " + token);
        return send(method, path, body, all);
    }

    private String send(String method, String path, String body, List<String> headers) {
        return outcome(method, url + "/api/v1" + path, body, headers).orFail().out();
    }

    private Outcome outcome(String method, String address, String body, List<String> headers) {
        var command = new ArrayList<>(inNetwork);
        command.addAll(List.of("curl", "--silent", "--show-error", "--fail-with-body", "--request", method));
        headers.forEach(header -> command.addAll(List.of("--header", header)));
        if (!body.isEmpty()) {
            command.addAll(List.of("--data-binary", "@-"));
        }
        if (!body.isEmpty() && headers.stream().noneMatch(header -> header.startsWith("Content-Type"))) {
            command.addAll(List.of("--header", "Content-Type: application/json"));
        }
        command.add(address);
        return Outcome.of(new ProcessBuilder(command), body);
    }

    private Map<String, Object> json(String text) {
        try {
            return mapper.readValue(text, JSON);
        } catch (IOException e) {
            throw new UncheckedIOException(text, e);
        }
    }

    private String json(Map<String, ?> value) {
        try {
            return new String(mapper.writeValueAsBytes(value), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
