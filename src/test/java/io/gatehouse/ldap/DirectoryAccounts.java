package io.gatehouse.ldap;

import com.unboundid.util.json.JSONArray;
import com.unboundid.util.json.JSONException;
import com.unboundid.util.json.JSONField;
import com.unboundid.util.json.JSONObject;
import com.unboundid.util.json.JSONString;
import io.gatehouse.testing.GatehouseServer;
import java.net.http.HttpResponse;

/** Makes accounts through the HTTP API. */
final class DirectoryAccounts {

    private final GatehouseServer server;

    DirectoryAccounts(GatehouseServer server) {
        this.server = server;
    }

    /** @return the DN to bind with */
    String person(String username, String password) {
        post("/api/v1/users", new JSONObject(
                new JSONField("username", username),
                new JSONField("givenName", "Person"),
                new JSONField("sn", username),
                new JSONField("mail", username + "@example.org"),
                new JSONField("password", password),
                new JSONField("status", "active"),
                new JSONField("groups", new JSONArray(new JSONString("ldapusers")))));
        return "uid=" + username + ",ou=people," + server.baseDn();
    }

    ServiceAccount service(String name) {
        JSONObject created = post("/api/v1/service-accounts", new JSONObject(new JSONField("name", name)));
        return new ServiceAccount(created.getFieldAsString("dn"), created.getFieldAsString("password"));
    }

    private JSONObject post(String path, JSONObject body) {
        HttpResponse<String> response = server.send("POST", path, body.toString());
        if (response.statusCode() != 201) {
            throw new AssertionError("POST " + path + " answered " + response.statusCode() + ": " + response.body());
        }
        try {
            return new JSONObject(response.body());
        } catch (JSONException e) {
            throw new AssertionError("POST " + path + " did not answer a JSON object", e);
        }
    }

    record ServiceAccount(String dn, String password) {}
}
