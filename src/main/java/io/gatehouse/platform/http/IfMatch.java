package io.gatehouse.platform.http;

import io.gatehouse.platform.Problem;
import java.util.HashSet;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which state of a resource a change is meant for (RFC 9110 section 13.1.1); a controller's method can take it as a parameter.
 * Without the header any state will do.
 */
public final class IfMatch {

    /** For changes that go for any state. */
    public static final IfMatch ANY = new IfMatch(Set.of(), true);

    private static final Pattern TAGS = Pattern.compile("\\s*(W/)?\"([^\"\\p{Cntrl}]*)\"\\s*(,|$)");

    private final Set<String> tags;
    private final boolean any;

    private IfMatch(Set<String> tags, boolean any) {
        this.tags = tags;
        this.any = any;
    }

    /** @throws Problem if the header's value is neither a star nor a list of entity tags */
    static IfMatch parse(String header) {
        if (header.strip().equals("*")) {
            return ANY;
        }
        var tags = new HashSet<String>();
        var matcher = TAGS.matcher(header);
        int end = 0;
        while (end < header.length() && matcher.find(end) && matcher.start() == end) {
            // A weak tag never matches here (section 8.8.3.2).
            if (matcher.group(1) == null) {
                tags.add(matcher.group(2));
            }
            end = matcher.end();
        }
        if (end < header.length() || header.isBlank() || header.stripTrailing().endsWith(",")) {
            throw Problem.of(Problem.Kind.MALFORMED, "If-Match must be a star or a list of entity tags, such as \"42\".");
        }
        return new IfMatch(tags, false);
    }

    /** @throws Problem if the change was meant for another state of the resource */
    public void check(Revised current) {
        if (!any && !tags.contains(Long.toString(current.revision()))) {
            throw Problem.of(Problem.Kind.PRECONDITION_FAILED,
                    "Somebody changed this since you read it. Read it again, and repeat the change if it still makes sense.");
        }
    }
}
