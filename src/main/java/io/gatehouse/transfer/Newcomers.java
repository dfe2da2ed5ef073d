package io.gatehouse.transfer;

import com.unboundid.util.json.JSONArray;
import com.unboundid.util.json.JSONBoolean;
import com.unboundid.util.json.JSONField;
import com.unboundid.util.json.JSONNumber;
import com.unboundid.util.json.JSONObject;
import com.unboundid.util.json.JSONString;
import com.unboundid.util.json.JSONValue;
import io.micronaut.core.annotation.Nullable;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What files say about people and groups, as an import takes it; what cannot be made sense of is refused, what is not for here left out. */
final class Newcomers {

    private static final String USER = "user:";
    private static final String GROUP = "group:";

    private final boolean keepsNumbers;
    private final List<Newcomer> users = new ArrayList<>();
    private final Map<String, Map<String, JSONValue>> groups = new LinkedHashMap<>();
    private final Map<String, Set<String>> members = new LinkedHashMap<>();
    private final Map<String, Set<String>> inner = new LinkedHashMap<>();
    private final List<String> refusals = new ArrayList<>();
    private final Set<String> refused = new HashSet<>();
    private final List<String> leftOut = new ArrayList<>();

    /** @param keepsNumbers whether numbers of people and groups are told; without them, the server gives out new ones */
    Newcomers(boolean keepsNumbers) {
        this.keepsNumbers = keepsNumbers;
    }

    boolean keepsNumbers() {
        return keepsNumbers;
    }

    /** A user to whom values are given one by one; those that are null or empty are not given. */
    final class Newcomer {

        private final Map<String, JSONValue> fields;
        private final String target;

        private Newcomer(Map<String, JSONValue> fields, String target) {
            this.fields = fields;
            this.target = target;
        }

        Newcomer text(String field, @Nullable String value) {
            if (value != null && value.indexOf(0) >= 0) {
                refuse(target, field + ": A text without NUL is needed.");
            } else if (value != null && !value.isEmpty()) {
                fields.put(field, new JSONString(value));
            }
            return this;
        }

        Newcomer flag(String field, boolean value) {
            if (value) {
                fields.put(field, JSONBoolean.TRUE);
            }
            return this;
        }

        Newcomer flag(String field, String value) {
            if (!value.isEmpty() && !value.equals("true") && !value.equals("false")) {
                refuse(target, field + ": It is true or false.");
            }
            return flag(field, value.equals("true"));
        }

        Newcomer number(String field, @Nullable String value) {
            if (keepsNumbers && value != null && !value.isEmpty()) {
                try {
                    fields.put(field, new JSONNumber(Integer.parseInt(value)));
                } catch (NumberFormatException e) {
                    refuse(target, field + ": A whole number is needed.");
                }
            }
            return this;
        }

        Newcomer texts(String field, Collection<String> values) {
            if (!values.isEmpty()) {
                fields.put(field, array(values));
            }
            return this;
        }
    }

    Newcomer user(String username) {
        var newcomer = new Newcomer(new LinkedHashMap<>(), USER + username);
        users.add(newcomer);
        return newcomer.text("username", username);
    }

    Newcomer group(String cn) {
        var fields = new LinkedHashMap<String, JSONValue>();
        fields.put("cn", new JSONString(cn));
        if (groups.putIfAbsent(cn, fields) != null) {
            refuse(GROUP + cn, "The file names it twice.");
        }
        members.computeIfAbsent(cn, name -> new LinkedHashSet<>());
        return new Newcomer(fields, GROUP + cn);
    }

    /** Of a group that is named here or is there already. */
    void member(String cn, String username) {
        groups.computeIfAbsent(cn, name -> new LinkedHashMap<>(Map.of("cn", new JSONString(name))));
        members.computeIfAbsent(cn, name -> new LinkedHashSet<>()).add(username);
    }

    /** Of a group that is named here: another one that is named here is in it. */
    void innerGroup(String cn, String innerCn) {
        inner.computeIfAbsent(cn, name -> new LinkedHashSet<>()).add(innerCn);
    }

    /** What is refused is not asked for either. */
    void refuse(String target, String why) {
        refused.add(target);
        refusals.add(target + " " + why);
    }

    void leaveOut(String target, String why) {
        leftOut.add(target + " " + why);
    }

    List<String> refusals() {
        return refusals;
    }

    List<String> leftOut() {
        return leftOut;
    }

    JSONObject request(boolean dryRun) {
        return new JSONObject(
                new JSONField("dryRun", dryRun),
                new JSONField("users", new JSONArray(users.stream().filter(user -> !refused.contains(user.target))
                        .map(user -> new JSONObject(user.fields)).toList())),
                new JSONField("groups", new JSONArray(groups.entrySet().stream().filter(group -> !refused.contains(GROUP + group.getKey())).map(group -> {
                    var fields = new LinkedHashMap<>(group.getValue());
                    fields.put("members", array(members.getOrDefault(group.getKey(), Set.of()).stream()
                            .filter(username -> !refused.contains(USER + username)).toList()));
                    fields.put("groups", array(inner.getOrDefault(group.getKey(), Set.of()).stream()
                            .filter(cn -> !refused.contains(GROUP + cn)).toList()));
                    return new JSONObject(fields);
                }).toList())));
    }

    private static JSONArray array(Collection<String> texts) {
        return new JSONArray(texts.stream().map(JSONString::new).toList());
    }
}
