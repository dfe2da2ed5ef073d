package io.gatehouse.directory;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.time.Instant;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;

/**
 * How values of an attribute are compared (RFC 4517 section 4): two values match when their normal forms are equal.
 *
 * @param family rules of one family compare the same syntax, so that one may stand in for another in an extensible match
 */
record MatchingRule(Family family, UnaryOperator<String> normalizer, Comparator<String> order) {

    enum Family { TEXT, NUMBER, NAME, OBJECT_IDENTIFIER, BOOLEAN, TIME, UUID, OCTETS }

    private static final Comparator<String> CODE_POINTS = String::compareTo;
    private static final Comparator<String> NUMBERS = Comparator.comparing(BigInteger::new);

    static final MatchingRule CASE_IGNORE = new MatchingRule(Family.TEXT, value -> squeeze(fold(value)), CODE_POINTS);
    static final MatchingRule CASE_EXACT = new MatchingRule(Family.TEXT, value -> squeeze(compose(value)), CODE_POINTS);
    static final MatchingRule NUMERIC_STRING = new MatchingRule(Family.TEXT, value -> value.replace(" ", ""), CODE_POINTS);
    static final MatchingRule TELEPHONE = new MatchingRule(Family.TEXT, value -> fold(value).replaceAll("[ -]", ""), CODE_POINTS);
    static final MatchingRule INTEGER = new MatchingRule(Family.NUMBER, MatchingRule::integer, NUMBERS);
    static final MatchingRule BOOLEAN = new MatchingRule(Family.BOOLEAN, MatchingRule::bool, CODE_POINTS);
    static final MatchingRule TIME = new MatchingRule(Family.TIME, MatchingRule::time, Comparator.comparing(Instant::parse));
    static final MatchingRule UUIDS = new MatchingRule(Family.UUID, MatchingRule::uuid, CODE_POINTS);
    static final MatchingRule OCTETS = new MatchingRule(Family.OCTETS, UnaryOperator.identity(), CODE_POINTS);

    /** The rules that need no schema, by their RFC 4517 and RFC 4530 names in lower case. */
    static final Map<String, MatchingRule> BY_NAME = Map.ofEntries(
            Map.entry("caseignorematch", CASE_IGNORE), Map.entry("caseignoreia5match", CASE_IGNORE),
            Map.entry("caseignoreorderingmatch", CASE_IGNORE), Map.entry("caseignoresubstringsmatch", CASE_IGNORE),
            Map.entry("caseignoreia5substringsmatch", CASE_IGNORE), Map.entry("caseignorelistmatch", CASE_IGNORE),
            Map.entry("caseignorelistsubstringsmatch", CASE_IGNORE),
            Map.entry("caseexactmatch", CASE_EXACT), Map.entry("caseexactia5match", CASE_EXACT),
            Map.entry("caseexactorderingmatch", CASE_EXACT), Map.entry("caseexactsubstringsmatch", CASE_EXACT),
            Map.entry("caseexactia5substringsmatch", CASE_EXACT),
            Map.entry("numericstringmatch", NUMERIC_STRING), Map.entry("numericstringorderingmatch", NUMERIC_STRING),
            Map.entry("numericstringsubstringsmatch", NUMERIC_STRING),
            Map.entry("telephonenumbermatch", TELEPHONE), Map.entry("telephonenumbersubstringsmatch", TELEPHONE),
            Map.entry("integermatch", INTEGER), Map.entry("integerorderingmatch", INTEGER),
            Map.entry("booleanmatch", BOOLEAN),
            Map.entry("generalizedtimematch", TIME), Map.entry("generalizedtimeorderingmatch", TIME),
            Map.entry("uuidmatch", UUIDS), Map.entry("uuidorderingmatch", UUIDS),
            Map.entry("octetstringmatch", OCTETS), Map.entry("octetstringorderingmatch", OCTETS),
            Map.entry("bitstringmatch", OCTETS));

    static MatchingRule distinguishedName(DirectorySchema schema) {
        return new MatchingRule(Family.NAME, value -> {
            var dn = Dn.parse(value, schema);
            return dn == null ? null : dn.key();
        }, CODE_POINTS);
    }

    static MatchingRule objectIdentifier(DirectorySchema schema) {
        return new MatchingRule(Family.OBJECT_IDENTIFIER, schema::canonicalObjectIdentifier, CODE_POINTS);
    }

    /** The normal form, or null if the value is not of the rule's syntax. */
    String normalize(byte[] value) {
        return normalize(value, 0, value.length);
    }

    String normalize(byte[] bytes, int offset, int length) {
        var charset = family == Family.OCTETS ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8;
        return normalize(new String(bytes, offset, length, charset));
    }

    String normalize(String value) {
        return normalizer.apply(value);
    }

    /**
     * The normal form of a part of a value. Spaces inside a part count; at the ends of a part that is not an end of the value
     * they do, too (RFC 4518 section 2.6.1).
     */
    String normalizePart(byte[] part, boolean initial, boolean last) {
        var text = new String(part, StandardCharsets.UTF_8);
        if (this != CASE_IGNORE && this != CASE_EXACT) {
            return normalize(text);
        }
        var squeezed = collapse(this == CASE_IGNORE ? fold(text) : compose(text));
        if (initial) {
            squeezed = squeezed.startsWith(" ") ? squeezed.substring(1) : squeezed;
        }
        return last && squeezed.endsWith(" ") ? squeezed.substring(0, squeezed.length() - 1) : squeezed;
    }

    private static String compose(String value) {
        return isAscii(value) ? value : Normalizer.normalize(value, Normalizer.Form.NFKC);
    }

    private static String fold(String value) {
        return isAscii(value)
                ? value.toLowerCase(Locale.ROOT)
                : Normalizer.normalize(Normalizer.normalize(value, Normalizer.Form.NFKC).toLowerCase(Locale.ROOT), Normalizer.Form.NFKC);
    }

    private static boolean isAscii(String value) {
        for (int i = 0; i < value.length(); i++) {
            if (value.charAt(i) > 0x7f) {
                return false;
            }
        }
        return true;
    }

    /** Insignificant space handling of whole values (RFC 4518 section 2.6.1), with a value of spaces only as one space. */
    private static String squeeze(String value) {
        var collapsed = collapse(value);
        int from = collapsed.startsWith(" ") ? 1 : 0;
        int to = collapsed.length() > from && collapsed.endsWith(" ") ? collapsed.length() - 1 : collapsed.length();
        return to <= from && !value.isEmpty() ? " " : collapsed.substring(from, to);
    }

    private static String collapse(String value) {
        if (!value.contains("  ")) {
            return value;
        }
        return value.replaceAll(" {2,}", " ");
    }

    private static String integer(String value) {
        return value.matches("-?[1-9][0-9]{0,1023}|0") ? value : null;
    }

    private static String bool(String value) {
        return value.equals("TRUE") || value.equals("FALSE") ? value : null;
    }

    private static String time(String value) {
        var instant = GeneralizedTime.parse(value);
        return instant == null ? null : instant.toString();
    }

    private static String uuid(String value) {
        try {
            return value.length() == 36 ? UUID.fromString(value).toString() : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
