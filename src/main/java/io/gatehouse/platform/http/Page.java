package io.gatehouse.platform.http;

import io.gatehouse.platform.Problem;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.serde.annotation.Serdeable;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.function.Function;

/**
 * A part of a list.
 *
 * @param next opaque; as {@code cursor} of the next request it asks for what follows; null at the end
 */
@Serdeable
public record Page<T>(List<T> items, @Nullable String next) {

    /**
     * What part is asked for.
     *
     * @param after the key of the last item of the part before, or null for the first part
     */
    public record Request(int limit, @Nullable String after) {

        public static final int DEFAULT_LIMIT = 100;
        private static final int MAX_LIMIT = 1000;

        /** @throws Problem if the limit is not from 1 to 1000, or the cursor is not one that a page gave */
        public static Request of(@Nullable Integer limit, @Nullable String cursor) {
            int count = limit == null ? DEFAULT_LIMIT : limit;
            if (count < 1 || count > MAX_LIMIT) {
                throw Problem.invalid("limit", count, "The limit must be from 1 to " + MAX_LIMIT + ".");
            }
            return new Request(count, cursor == null ? null : decode(cursor));
        }

        /** How many rows to read: one more than asked for, which tells whether anything follows. */
        public int rows() {
            return limit + 1;
        }

        private static String decode(String cursor) {
            try {
                var key = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
                if (key.chars().noneMatch(Character::isISOControl)) {
                    return key;
                }
            } catch (IllegalArgumentException notBase64) {
                // told below
            }
            throw Problem.invalid("cursor", cursor, "This is no cursor of an earlier page.");
        }
    }

    /**
     * @param rows at most {@link Request#rows()}, in the order of their keys
     * @param key  what the list is ordered by, unique
     */
    public static <T> Page<T> of(List<T> rows, Request request, Function<T, String> key) {
        if (rows.size() <= request.limit()) {
            return new Page<>(List.copyOf(rows), null);
        }
        var items = List.copyOf(rows.subList(0, request.limit()));
        var last = key.apply(items.getLast()).getBytes(StandardCharsets.UTF_8);
        return new Page<>(items, Base64.getUrlEncoder().withoutPadding().encodeToString(last));
    }
}
