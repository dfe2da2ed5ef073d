package io.gatehouse.platform.http;

import io.gatehouse.platform.Problem;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.core.type.Argument;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A JSON merge patch (RFC 7396): what it names shall change, and null is a value. */
public final class MergePatch {

    /** The media type that says so; plain JSON is taken as well. */
    public static final String MEDIA_TYPE = "application/merge-patch+json";

    private final Map<String, Object> members;
    private final String path;
    private final Set<String> unread;

    public MergePatch(Map<String, Object> members) {
        this(members, "");
    }

    /** @param path of the object in the body, with a dot at its end; empty for the body itself */
    private MergePatch(Map<String, Object> members, String path) {
        this.members = members;
        this.path = path;
        unread = new HashSet<>(members.keySet());
    }

    public boolean names(String member) {
        return members.containsKey(member);
    }

    /** @throws Problem if it is neither a text nor null */
    public @Nullable String text(String member) {
        return typed(member, String.class, "A text or null is needed.");
    }

    /**
     * What is said of the member, or what it is.
     *
     * @throws Problem if it is named and neither a text nor null
     */
    public @Nullable String text(String member, @Nullable String present) {
        return names(member) ? text(member) : present;
    }

    /** @throws Problem if it is neither a whole number of 32 bits nor null */
    public @Nullable Integer integer(String member) {
        return typed(member, Integer.class, "A whole number or null is needed.");
    }

    /**
     * What is said of the member, or what it is.
     *
     * @throws Problem if it is named and neither a whole number of 32 bits nor null
     */
    public @Nullable Integer integer(String member, @Nullable Integer present) {
        return names(member) ? integer(member) : present;
    }

    /** @throws Problem if it is neither true nor false */
    public boolean flag(String member) {
        var rule = "True or false is needed.";
        var flag = typed(member, Boolean.class, rule);
        if (flag == null) {
            throw Problem.invalidSecret(path + member, rule);
        }
        return flag;
    }

    /**
     * @return empty for null
     * @throws Problem if it is neither a list of texts nor null
     */
    public List<String> texts(String member) {
        var rule = "A list of texts is needed.";
        List<?> list = typed(member, List.class, rule);
        if (list == null) {
            return List.of();
        }
        return list.stream().map(item -> {
            if (item instanceof String text) {
                return text;
            }
            throw Problem.invalidSecret(path + member, rule);
        }).toList();
    }

    /**
     * @param type of which each item is
     * @return empty for null
     * @throws Problem if it is neither a list of such objects nor null
     */
    public <T> List<T> documents(String member, Class<T> type) {
        List<?> list = typed(member, List.class, "A list of objects is needed.");
        return list == null ? List.of() : DocumentReader.list(Argument.of(type), list, path + member);
    }

    /**
     * What shall change about an object in this one.
     *
     * @return null for null
     * @throws Problem if it is neither an object nor null
     */
    public @Nullable MergePatch object(String member) {
        @SuppressWarnings("unchecked")
        Map<String, Object> object = typed(member, Map.class, "An object or null is needed.");
        return object == null ? null : new MergePatch(object, path + member + ".");
    }

    /** @throws Problem if the patch names anything that was not read */
    public void end() {
        unread.stream().sorted().findFirst().ifPresent(member -> {
            throw Problem.invalidSecret(path + member, "There is no such field, or it cannot be changed here.");
        });
    }

    private <T> @Nullable T typed(String member, Class<T> type, String rule) {
        unread.remove(member);
        var value = members.get(member);
        if (value != null && !type.isInstance(value)) {
            throw Problem.invalidSecret(path + member, rule);
        }
        return type.cast(value);
    }
}
