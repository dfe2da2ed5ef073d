package io.gatehouse.slapd;

import com.unboundid.ldap.sdk.Entry;
import com.unboundid.ldap.sdk.Filter;
import com.unboundid.ldif.LDIFException;
import com.unboundid.ldif.LDIFReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * Makes search filters of every kind (RFC 4511 section 4.5.1.7), most of them about values that entries have, many of them odd.
 * The same seed and entries give the same filters.
 */
public final class FilterGenerator {

    private static final int MAX_DEPTH = 3;
    private static final int MAX_PARTS = 4;

    /**
     * Other names of attributes, superior types, types without values and what is no attribute at all. Not among them are the
     * operational attributes that tell of the server rather than of the entry: entryCSN, creatorsName, modifiersName,
     * subschemaSubentry.
     */
    private static final List<String> FURTHER_ATTRIBUTES = List.of("commonName", "2.5.4.3", "surname", "2.5.4.4", "userid",
            "0.9.2342.19200300.100.1.1", "rfc822Mailbox", "1.3.6.1.1.1.1.0", "name", "2.5.4.41", "telephoneNumber", "title", "seeAlso",
            "manager", "jpegPhoto", "shadowExpire", "userPassword", "cn;lang-en", "userCertificate;binary", "uid;x-nosuch",
            "krbPrincipalName", "nsAccountLock", "nosuch", "1.2.3.4.5.6", "entryDN", "hasSubordinates", "supportedControl");
    private static final List<String> RULES = List.of("caseIgnoreMatch", "2.5.13.2", "caseExactMatch", "2.5.13.5", "caseIgnoreIA5Match",
            "1.3.6.1.4.1.1466.109.114.2", "caseExactIA5Match", "integerMatch", "2.5.13.14", "distinguishedNameMatch", "2.5.13.1",
            "objectIdentifierMatch", "2.5.13.0", "octetStringMatch", "booleanMatch", "generalizedTimeMatch", "UUIDMatch",
            "integerOrderingMatch", "caseIgnoreOrderingMatch", "caseIgnoreSubstringsMatch", "1.2.840.113556.1.4.803",
            "1.2.840.113556.1.4.804", "1.2.840.113556.1.4.1941", "nosuchMatch", "1.2.3.4");
    private static final List<String> NUMBERS = List.of("0", "1", "-1", "2", "3", "7", "16", "1999", "2000", "2001", "2147483647",
            "2147483648", "99999999999999999999", "007", "+5", "1.5", "0x10", "");
    private static final List<String> ODD_VALUES = List.of("", " ", "   ", "*", "(", ")", "\\", "a*b", "\0", "root\0", "TRUE", "FALSE",
            "true", "20200101000000Z", "20991231235959Z", "20200101000000.5Z", "2020010100Z", "20200101000000+0100", "20201301000000Z",
            "uid=nobody,dc=example", "cn=,", "é", "É", "e\u0301", "ß", "SS", "ﬁ", "\u00a0", "\u200b", "ipHost", "2.5.6.0",
            "1.3.6.1.1.1.2.0", "1.2.3.4");

    private final SplittableRandom random;
    private final List<Entry> entries = new ArrayList<>();

    /** @param ldif the entries to ask for */
    public FilterGenerator(long seed, Path ldif) throws IOException, LDIFException {
        random = new SplittableRandom(seed);
        try (var reader = new LDIFReader(ldif.toFile())) {
            for (var entry = reader.readEntry(); entry != null; entry = reader.readEntry()) {
                entries.add(entry);
            }
        }
    }

    public Filter next() {
        return filter(random.nextInt(MAX_DEPTH + 1));
    }

    private Filter filter(int depth) {
        if (depth == 0) {
            return assertion();
        }
        return switch (random.nextInt(5)) {
            case 0, 1 -> Filter.createANDFilter(parts(depth));
            case 2, 3 -> Filter.createORFilter(parts(depth));
            default -> Filter.createNOTFilter(filter(depth - 1));
        };
    }

    private List<Filter> parts(int depth) {
        var parts = new ArrayList<Filter>();
        for (int i = random.nextInt(MAX_PARTS + 1); i > 0; i--) {
            parts.add(filter(random.nextInt(depth)));
        }
        return parts;
    }

    private Filter assertion() {
        var known = known();
        var attribute = oneIn(6) ? pick(FURTHER_ATTRIBUTES) : known.attribute;
        var value = oneIn(6) ? oddValue() : oneIn(3) ? altered(known.value) : known.value;
        return switch (random.nextInt(14)) {
            case 0, 1, 2, 3 -> Filter.createEqualityFilter(described(attribute), value);
            case 4, 5, 6 -> substring(described(attribute), value);
            case 7 -> Filter.createPresenceFilter(described(attribute));
            case 8, 9 -> Filter.createGreaterOrEqualFilter(described(attribute), value);
            case 10 -> Filter.createLessOrEqualFilter(described(attribute), value);
            case 11 -> Filter.createApproximateMatchFilter(described(attribute), value);
            default -> extensible(attribute, value);
        };
    }

    private Filter substring(String attribute, byte[] value) {
        var cuts = new int[1 + random.nextInt(5)];
        for (int i = 0; i < cuts.length; i++) {
            cuts[i] = random.nextInt(value.length + 1);
        }
        Arrays.sort(cuts);
        var initial = oneIn(2) ? nonEmpty(Arrays.copyOf(value, cuts[0])) : null;
        var last = oneIn(2) ? nonEmpty(Arrays.copyOfRange(value, cuts[cuts.length - 1], value.length)) : null;
        var any = new ArrayList<byte[]>();
        for (int i = 1; i < cuts.length; i++) {
            if (cuts[i] > cuts[i - 1] && oneIn(2)) {
                any.add(Arrays.copyOfRange(value, cuts[i - 1], cuts[i]));
            }
        }
        if (initial == null && last == null && any.isEmpty()) {
            any.add(new byte[] {(byte) pick(List.of('a', 'e', 'o', ' ', '1', '/', '=')).charValue()});
        }
        return Filter.createSubstringFilter(attribute, initial, any.toArray(byte[][]::new), last);
    }

    private static byte[] nonEmpty(byte[] part) {
        return part.length == 0 ? null : part;
    }

    private Filter extensible(String attribute, byte[] value) {
        boolean names = oneIn(2);
        return switch (random.nextInt(5)) {
            case 0 -> Filter.createExtensibleMatchFilter(described(attribute), null, names, value);
            case 1 -> Filter.createExtensibleMatchFilter(null, pick(RULES), names, value);
            case 2 -> Filter.createExtensibleMatchFilter(pick(List.of("uidNumber", "gidNumber", "shadowLastChange", "uid")),
                    pick(List.of("1.2.840.113556.1.4.803", "1.2.840.113556.1.4.804")), false, bytes(pick(NUMBERS)));
            default -> Filter.createExtensibleMatchFilter(described(attribute), pick(RULES), names, value);
        };
    }

    private record Known(String attribute, byte[] value) {
    }

    private Known known() {
        var entry = pick(entries);
        var attribute = pick(List.copyOf(entry.getAttributes()));
        if (attribute.getName().equalsIgnoreCase("userPassword") || oneIn(15)) {
            return new Known("entryDN", bytes(entry.getDN()));
        }
        return new Known(attribute.getName(), pick(List.of(attribute.getValueByteArrays())));
    }

    /** Names of attributes are known in any case (RFC 4512 section 2.5). */
    private String described(String attribute) {
        return switch (random.nextInt(6)) {
            case 0 -> attribute.toUpperCase(Locale.ROOT);
            case 1 -> attribute.toLowerCase(Locale.ROOT);
            default -> attribute;
        };
    }

    private byte[] oddValue() {
        return switch (random.nextInt(4)) {
            case 0 -> bytes(pick(NUMBERS));
            case 1 -> new byte[] {(byte) 0xc3, (byte) 0x28};
            case 2 -> bytes("x".repeat(random.nextInt(300)));
            default -> bytes(pick(ODD_VALUES));
        };
    }

    private byte[] altered(byte[] value) {
        var text = new String(value, StandardCharsets.UTF_8);
        return bytes(switch (random.nextInt(9)) {
            case 0 -> text.toUpperCase(Locale.ROOT);
            case 1 -> text.toLowerCase(Locale.ROOT);
            case 2 -> " " + text;
            case 3 -> text + "  ";
            case 4 -> text.replace(" ", "   ");
            case 5 -> text.replace(",", " , ").replace("=", " = ");
            case 6 -> text.isEmpty() ? "x" : text.substring(0, random.nextInt(text.length()));
            case 7 -> text + (char) ('a' + random.nextInt(26));
            default -> text.chars().mapToObj(c -> oneIn(3) ? "\\%02x".formatted(c) : Character.toString(c)).reduce("", String::concat);
        });
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private boolean oneIn(int chances) {
        return random.nextInt(chances) == 0;
    }

    private <T> T pick(List<T> choices) {
        return choices.get(random.nextInt(choices.size()));
    }
}
