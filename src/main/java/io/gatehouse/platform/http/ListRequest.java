package io.gatehouse.platform.http;

import io.gatehouse.platform.Problem;
import io.micronaut.core.annotation.Nullable;
import java.util.List;

/**
 * What part of a list is asked for; a controller's method can take it as a parameter.
 *
 * @param limit  how many items at most, 1 to 1000
 * @param cursor {@link Page#next()} of the part before; null for the first part
 * @param sort   what to order by, with a minus before it for the other way round; null for the list's own order
 * @param q      a text to look for; null for none
 */
public record ListRequest(int limit, @Nullable String cursor, @Nullable String sort, @Nullable String q) {

    /** The query parameters that are read. */
    public static final List<String> PARAMETERS = List.of("limit", "cursor", "sort", "q");

    public static final int DEFAULT_LIMIT = 100;
    public static final int MAX_LIMIT = 1000;
    private static final int LONGEST_SEARCH = 256;

    /** @throws Problem if the limit or the text to look for is out of range */
    public ListRequest {
        if (limit < 1 || limit > MAX_LIMIT) {
            throw Problem.invalid("limit", limit, "The limit must be from 1 to " + MAX_LIMIT + ".");
        }
        if (q != null && (q.isEmpty() || q.length() > LONGEST_SEARCH || q.chars().anyMatch(Character::isISOControl))) {
            throw Problem.invalid("q", q, "1 to " + LONGEST_SEARCH + " characters are needed, none of them a control character.");
        }
    }

    /** The first part of a list in its own order. */
    public static ListRequest first(int limit) {
        return new ListRequest(limit, null, null, null);
    }
}
