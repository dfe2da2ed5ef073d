package io.gatehouse.directory;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.text.Normalizer;
import java.time.Instant;
import java.util.Comparator;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;

/**
 * How values of an attribute are compared (RFC 4517 section 4): two values match when their normal forms are equal.
 *
 * @param family rules of one family compare the same syntax, so that one may stand in for another in an extensible match
 */
record MatchingRule(Family family, UnaryOperator<String> normalizer, Comparator<String> order) {

    enum Family { DIRECTORY_STRING, IA5_STRING, NUMERIC_STRING, TELEPHONE_NUMBER, INTEGER, NAME, OBJECT_IDENTIFIER, BOOLEAN, TIME, UUID, OCTETS }

    /** What a rule decides about a value: that it equals the asserted one, that it is less, or that it holds parts. */
    enum Kind { EQUALITY, ORDERING, SUBSTRINGS }

    /** A rule as the schema names it. */
    record Named(MatchingRule rule, Kind kind) {
    }

    private static final Pattern PRINTABLE_STRING = Pattern.compile("[A-Za-z0-9'()+,./:=? -]+");
    private static final Pattern INTEGER_SYNTAX = Pattern.compile("0|-?[1-9][0-9]{0,1023}");
    private static final Comparator<String> CODE_POINTS = String::compareTo;
    private static final Comparator<String> NUMBERS = Comparator.comparing(BigInteger::new);

    static final MatchingRule CASE_IGNORE = new MatchingRule(Family.DIRECTORY_STRING, value -> squeeze(fold(value)), CODE_POINTS);
    static final MatchingRule CASE_EXACT = new MatchingRule(Family.DIRECTORY_STRING, value -> squeeze(compose(value)), CODE_POINTS);
    static final MatchingRule CASE_IGNORE_IA5 = new MatchingRule(Family.IA5_STRING, value -> isAscii(value) ? squeeze(fold(value)) : null, CODE_POINTS);
    static final MatchingRule CASE_EXACT_IA5 = new MatchingRule(Family.IA5_STRING, value -> squeeze(ascii(value)), CODE_POINTS);
    static final MatchingRule NUMERIC_STRING = new MatchingRule(Family.NUMERIC_STRING, value -> value.replace(" ", ""), CODE_POINTS);
    static final MatchingRule TELEPHONE = new MatchingRule(Family.TELEPHONE_NUMBER, MatchingRule::telephoneNumber, CODE_POINTS);
    static final MatchingRule INTEGER = new MatchingRule(Family.INTEGER, MatchingRule::integer, NUMBERS);
    static final MatchingRule BOOLEAN = new MatchingRule(Family.BOOLEAN, MatchingRule::bool, CODE_POINTS);
    static final MatchingRule TIME = new MatchingRule(Family.TIME, MatchingRule::time, Comparator.comparing(Instant::parse));
    static final MatchingRule UUIDS = new MatchingRule(Family.UUID, MatchingRule::uuid, CODE_POINTS);
    static final MatchingRule OCTETS = new MatchingRule(Family.OCTETS, UnaryOperator.identity(), CODE_POINTS);

    /** The rules that need no schema, by their RFC 4517 and RFC 4530 names in lower case. */
    static final Map<String, Named> BY_NAME = Map.ofEntries(
            equality("caseIgnoreMatch", CASE_IGNORE), ordering("caseIgnoreOrderingMatch", CASE_IGNORE),
            substrings("caseIgnoreSubstringsMatch", CASE_IGNORE),
            equality("caseIgnoreListMatch", CASE_IGNORE), substrings("caseIgnoreListSubstringsMatch", CASE_IGNORE),
            equality("caseExactMatch", CASE_EXACT), ordering("caseExactOrderingMatch", CASE_EXACT),
            substrings("caseExactSubstringsMatch", CASE_EXACT),
            equality("caseIgnoreIA5Match", CASE_IGNORE_IA5), substrings("caseIgnoreIA5SubstringsMatch", CASE_IGNORE_IA5),
            equality("caseExactIA5Match", CASE_EXACT_IA5), substrings("caseExactIA5SubstringsMatch", CASE_EXACT_IA5),
            equality("numericStringMatch", NUMERIC_STRING), ordering("numericStringOrderingMatch", NUMERIC_STRING),
            substrings("numericStringSubstringsMatch", NUMERIC_STRING),
            equality("telephoneNumberMatch", TELEPHONE), substrings("telephoneNumberSubstringsMatch", TELEPHONE),
            equality("integerMatch", INTEGER), ordering("integerOrderingMatch", INTEGER),
            equality("booleanMatch", BOOLEAN),
            equality("generalizedTimeMatch", TIME), ordering("generalizedTimeOrderingMatch", TIME),
            equality("uuidMatch", UUIDS), ordering("uuidOrderingMatch", UUIDS),
            equality("octetStringMatch", OCTETS), ordering("octetStringOrderingMatch", OCTETS),
            equality("bitStringMatch", OCTETS));

    private static Map.Entry<String, Named> equality(String name, MatchingRule rule) {
        return Map.entry(name.toLowerCase(Locale.ROOT), new Named(rule, Kind.EQUALITY));
    }

    private static Map.Entry<String, Named> ordering(String name, MatchingRule rule) {
        return Map.entry(name.toLowerCase(Locale.ROOT), new Named(rule, Kind.ORDERING));
    }

    private static Map.Entry<String, Named> substrings(String name, MatchingRule rule) {
        return Map.entry(name.toLowerCase(Locale.ROOT), new Named(rule, Kind.SUBSTRINGS));
    }

    static MatchingRule distinguishedName(DirectorySchema schema) {
        return new MatchingRule(Family.NAME, value -> {
            var dn = Dn.parse(value, schema);
            return dn == null ? null : dn.key();
        }, CODE_POINTS);
    }

    static MatchingRule objectIdentifier(DirectorySchema schema) {
        return new MatchingRule(Family.OBJECT_IDENTIFIER, schema::canonicalObjectIdentifier, CODE_POINTS);
    }

    /** The normal form of an asserted value, or null if it is not of the rule's syntax. */
    String normalize(byte[] asserted) {
        try {
            var text = charset().newDecoder().decode(ByteBuffer.wrap(asserted)).toString();
            return text.isEmpty() && family == Family.DIRECTORY_STRING ? null : normalize(text);
        } catch (CharacterCodingException e) {
            return null;
        }
    }

    /** The normal form of a stored value. */
    String normalize(byte[] bytes, int offset, int length) {
        return normalize(new String(bytes, offset, length, charset()));
    }

    String normalize(String value) {
        return normalizer.apply(value);
    }

    /**
     * A stored value in the form that parts are sought in: of strings, with a space before and behind, as RFC 4518 section
     * 2.6.1 prepares them, so that a part that begins or ends with a space can meet the end of the value.
     */
    String normalizeWhole(byte[] bytes, int offset, int length) {
        var normal = normalize(bytes, offset, length);
        return normal == null || !isString() ? normal : " " + normal + " ";
    }

    /** The form of an asserted part that is sought in {@link #normalizeWhole}; null if it is not of the rule's syntax. */
    String normalizePart(byte[] part, boolean initial, boolean last) {
        String text;
        try {
            text = charset().newDecoder().decode(ByteBuffer.wrap(part)).toString();
        } catch (CharacterCodingException e) {
            return null;
        }
        if (!isString()) {
            return normalize(text);
        }
        boolean ignoresCase = this == CASE_IGNORE || this == CASE_IGNORE_IA5;
        var folded = ignoresCase ? fold(text) : compose(text);
        if (family == Family.IA5_STRING && !isAscii(text)) {
            return null;
        }
        return collapse((initial ? " " : "") + folded + (last ? " " : ""));
    }

    private boolean isString() {
        return family == Family.DIRECTORY_STRING || family == Family.IA5_STRING;
    }

    private Charset charset() {
        return family == Family.OCTETS ? StandardCharsets.ISO_8859_1 : StandardCharsets.UTF_8;
    }

    private static String ascii(String value) {
        return isAscii(value) ? value : null;
    }

    private static String compose(String value) {
        return isAscii(value) ? value : Normalizer.normalize(value, Normalizer.Form.NFKC);
    }

    private static String fold(String value) {
        return isAscii(value)
                ? value.toLowerCase(Locale.ROOT)
                : Normalizer.normalize(small(Normalizer.normalize(value, Normalizer.Form.NFKC)), Normalizer.Form.NFKC);
    }

    /** Whatever stands beside it, a sigma is the same letter (RFC 3454 table B.2). */
    private static String small(String value) {
        return value.toLowerCase(Locale.ROOT).replace('\u03c2', '\u03c3');
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
        if (value == null) {
            return null;
        }
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

    private static String telephoneNumber(String value) {
        return PRINTABLE_STRING.matcher(value).matches() ? value.toLowerCase(Locale.ROOT).replaceAll("[ -]", "") : null;
    }

    private static String integer(String value) {
        return INTEGER_SYNTAX.matcher(value).matches() ? value : null;
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
