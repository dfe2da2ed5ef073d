package io.gatehouse.platform.http;

import io.gatehouse.platform.Problem;
import io.micronaut.core.annotation.Nullable;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.mapper.RowMapper;

/**
 * A list that can be read part by part. A part begins after the last item of the one before it, wherever that is by now: what is
 * inserted or deleted meanwhile neither repeats nor skips any other item.
 *
 * @param <T> an item
 */
public final class Listing<T> {

    /** What a column's values are. */
    public enum Type {
        TEXT("text"), NUMBER("bigint"), TIME("timestamptz"), ADDRESS("inet");

        private final String sql;

        Type(String sql) {
            this.sql = sql;
        }

        private boolean takes(String text) {
            try {
                return switch (this) {
                    case TEXT -> true;
                    case NUMBER -> Long.toString(Long.parseLong(text)).equals(text);
                    case TIME -> Instant.parse(text) != null;
                    case ADDRESS -> InetAddress.ofLiteral(text) != null;
                };
            } catch (DateTimeParseException | IllegalArgumentException e) {
                return false;
            }
        }
    }

    /** @param expression never null in any row */
    private record Column<T>(String expression, Type type, Function<T, ?> value) {

        String parameter(String name) {
            return "cast(:" + name + " as " + type.sql + ")";
        }
    }

    private record Order<T>(String name, Column<T> column, boolean descending) {

        String text() {
            return (descending ? "-" : "") + name;
        }
    }

    /** @param sort how the list was ordered, since a cursor is good for that order only */
    private record Cursor(String sort, String value, String key) {

        private static final String SEPARATOR = "\0";

        String encode() {
            return Base64.getUrlEncoder().withoutPadding().encodeToString(String.join(SEPARATOR, sort, value, key).getBytes(StandardCharsets.UTF_8));
        }

        static @Nullable Cursor decode(String text) {
            try {
                var parts = new String(Base64.getUrlDecoder().decode(text), StandardCharsets.UTF_8).split(SEPARATOR, -1);
                return parts.length == 3 ? new Cursor(parts[0], parts[1], parts[2]) : null;
            } catch (IllegalArgumentException notBase64) {
                return null;
            }
        }
    }

    private final String select;
    private final RowMapper<T> mapper;
    private final Column<T> key;
    private final Map<String, Column<T>> sorts;
    private final List<String> searched;
    private final boolean reversed;

    private Listing(String select, RowMapper<T> mapper, Column<T> key, Map<String, Column<T>> sorts, List<String> searched, boolean reversed) {
        this.select = select;
        this.mapper = mapper;
        this.key = key;
        this.sorts = sorts;
        this.searched = searched;
        this.reversed = reversed;
    }

    /** @param select up to and without {@code where} */
    public static <T> Start<T> of(String select, RowMapper<T> mapper) {
        return new Start<>(select, mapper);
    }

    /** A list without its key. */
    public static final class Start<T> {

        private final String select;
        private final RowMapper<T> mapper;

        private Start(String select, RowMapper<T> mapper) {
            this.select = select;
            this.mapper = mapper;
        }

        /**
         * What tells the items apart, and orders those that are otherwise alike.
         *
         * @param expression unique and never null
         */
        public Listing<T> key(String expression, Type type, Function<T, ?> value) {
            return new Listing<>(select, mapper, new Column<>(expression, type, value), Map.of(), List.of(), false);
        }
    }

    /**
     * The same list with one more order; the first one is the list's own.
     *
     * @param name       as the query parameter names it
     * @param expression never null in any row
     */
    public Listing<T> sort(String name, String expression, Type type, Function<T, ?> value) {
        var more = new LinkedHashMap<>(sorts);
        more.put(name, new Column<>(expression, type, value));
        return new Listing<>(select, mapper, key, more, searched, reversed);
    }

    /** The same list, in which a text can be looked for: any part of any of these, without regard to case. */
    public Listing<T> search(String... expressions) {
        return new Listing<>(select, mapper, key, sorts, List.of(expressions), reversed);
    }

    /** The same list, whose own order is the other way round. */
    public Listing<T> reversed() {
        return new Listing<>(select, mapper, key, sorts, searched, !reversed);
    }

    /** By what the list can be ordered, its own order first. */
    public List<String> sorts() {
        return List.copyOf(sorts.keySet());
    }

    /** @throws Problem if the request's order or cursor is none of this list's, or the list cannot be searched */
    public Page<T> page(Handle handle, ListRequest request, Conditions conditions) {
        var order = order(request.sort());
        var cursor = request.cursor() == null ? null : cursor(request.cursor(), order);
        var terms = new ArrayList<>(conditions.terms());
        if (request.q() != null) {
            terms.add(searchTerm());
        }
        if (cursor != null) {
            terms.add(following(order));
        }
        var direction = order.descending() ? " desc" : "";
        var sql = select
                + (terms.isEmpty() ? "" : " where " + String.join(" and ", terms))
                + " order by " + (order.column() == key ? "" : order.column().expression() + direction + ", ") + key.expression() + direction
                + " limit :rows";
        var query = handle.createQuery(sql).bindMap(conditions.bindings()).bind("rows", request.limit() + 1);
        if (request.q() != null) {
            query.bind("q", "%" + request.q().replaceAll("[\\\\%_]", "\\\\$0") + "%");
        }
        if (cursor != null) {
            query.bind("afterKey", cursor.key());
            if (order.column() != key) {
                query.bind("afterValue", cursor.value());
            }
        }
        return page(query.map(mapper).list(), request.limit(), order);
    }

    private Page<T> page(List<T> rows, int limit, Order<T> order) {
        if (rows.size() <= limit) {
            return new Page<>(List.copyOf(rows), null);
        }
        var items = List.copyOf(rows.subList(0, limit));
        var last = items.getLast();
        return new Page<>(items, new Cursor(order.text(),
                order.column().value().apply(last).toString(), key.value().apply(last).toString()).encode());
    }

    private Order<T> order(@Nullable String sort) {
        if (sort == null) {
            return sorts.isEmpty() ? new Order<>("", key, reversed) : named(sorts.keySet().iterator().next(), reversed);
        }
        boolean descending = sort.startsWith("-");
        var name = descending ? sort.substring(1) : sort;
        if (!sorts.containsKey(name)) {
            throw Problem.invalid("sort", sort, sorts.isEmpty()
                    ? "This list has one order only."
                    : "The list can be ordered by " + String.join(", ", sorts.keySet()) + "; a minus before it turns the order round.");
        }
        return named(name, descending);
    }

    private Order<T> named(String name, boolean descending) {
        return new Order<>(name, sorts.get(name), descending);
    }

    private Cursor cursor(String text, Order<T> order) {
        var cursor = Cursor.decode(text);
        if (cursor == null || !cursor.sort().equals(order.text()) || !order.column().type().takes(cursor.value()) || !key.type().takes(cursor.key())) {
            throw Problem.invalid("cursor", text, "This is no cursor of an earlier page of this list in this order.");
        }
        return cursor;
    }

    private String searchTerm() {
        if (searched.isEmpty()) {
            throw Problem.invalidSecret("q", "This list cannot be searched.");
        }
        return "(" + String.join(" or ", searched.stream().map(expression -> expression + " ilike :q").toList()) + ")";
    }

    private String following(Order<T> order) {
        var sign = order.descending() ? " < " : " > ";
        return order.column() == key
                ? key.expression() + sign + key.parameter("afterKey")
                : "(" + order.column().expression() + ", " + key.expression() + ")" + sign
                        + "(" + order.column().parameter("afterValue") + ", " + key.parameter("afterKey") + ")";
    }
}
