package io.gatehouse.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.List;
import java.util.random.RandomGenerator;

/** Values that are hardly ever right. */
final class HostileValues {

    private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

    private static final int[] LENGTHS = {0, 1, 2, 31, 32, 33, 63, 64, 65, 253, 254, 255, 256, 257, 1000, 8192, 70_000};

    private static final List<String> TEXTS = List.of(
            "", " ", "null", "true", "0", "-1", "1e400", "\0", "a\0b", "\u0001\u001f", "\u007f", "\r\nX-Injected: 1", "\t", "\\", "'", "\"",
            "' or 1=1 --", "$$; drop table users; $$", "%", "_", "%s%n", "${jndi:ldap://x}", "{{7*7}}", "<script>alert(1)</script>", "../../etc/passwd",
            "..", ".", "/", "//", "%2e%2e%2f", "*)(uid=*", "cn=x,dc=y", "\u00e4\u00f6\u00fc", "\u0130\u0131", "\ufb03", "\u0301", "e\u0301", "\u200b",
            "\u202e", "\ufeff", "\uffff", "\ud83d\ude00", "\ud800", "\udc00x", "\ud83d", "\u2028", "A", "root", "root-of-all2", "current", "-", "--", "-x",
            "a-", "a.", ".a", "a..b", "-createdAt", "createdAt", "name", "-name", "id", "active", "pending", "AAAA", "bm8AAA", "AAAAAAAAAAAA",
            "127.0.0.1", "0.0.0.0", "255.255.255.255", "10.0.0.1/33", "::", "::1", "fe80::1%eth0", "::ffff:10.0.0.1", "010.1.1.1", "10.1",
            "10.0.0.5,10.0.0.1", "10.0.0.0,10.255.255.255", "255.0.255.0", "0.0.0.0,255.255.255.255", "02:00:00:00:00:01", "ff:ff:ff:ff:ff:ff", "02-00-00-00-00-01",
            "2000-2999", "1-65535", "2-1", "99999999999-1", "2030-01-31T12:00:00Z", "2030-02-30T12:00:00Z", "+1000000000-01-01T00:00:00Z",
            "-999999999-01-01T00:00:00Z", "9999-12-31T23:59:60Z", "https://example.org", "http://", "file:///etc/passwd", "https://[::1", "a@b", "a@b@c",
            "ssh-ed25519", "ssh-rsa AAAAB3NzaC1yc2EAAAADAQAB", "users:read", "cluster:write", "SHA256:", "SHA256:AAAA+/=", "_ldap._tcp", "@",
            "9223372036854775807", "9223372036854775808", "2147483648", "00000000-0000-0000-0000-000000000000", "1".repeat(400));

    private static final List<BigDecimal> NUMBERS = List.of(
            new BigDecimal(0), new BigDecimal(1), new BigDecimal(-1), new BigDecimal(65_535), new BigDecimal(65_536), new BigDecimal(Integer.MAX_VALUE),
            new BigDecimal(Integer.MIN_VALUE), new BigDecimal(1L << 31), new BigDecimal(Long.MAX_VALUE), new BigDecimal(BigInteger.ONE.shiftLeft(63)),
            new BigDecimal("1.5"), new BigDecimal("1.0"), new BigDecimal("1e2"), new BigDecimal("1e300"), new BigDecimal("1e99999"), new BigDecimal("1e-99999"),
            new BigDecimal("9".repeat(900)));

    private final RandomGenerator random;

    HostileValues(RandomGenerator random) {
        this.random = random;
    }

    <T> T one(List<T> of) {
        return of.get(random.nextInt(of.size()));
    }

    boolean in(int times) {
        return random.nextInt(times) == 0;
    }

    String text() {
        return switch (random.nextInt(6)) {
            case 0 -> one(List.of("a", "\u00e9", "\ud83d\ude00", "0", ".")).repeat(LENGTHS[random.nextInt(LENGTHS.length)]);
            case 1 -> random.ints(random.nextInt(1, 12), 0, 0x110000).collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString();
            case 2 -> random.ints(random.nextInt(1, 12), ' ', 0x7f).collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString();
            default -> one(TEXTS);
        };
    }

    /** A text that a request line or a header may hold: no control characters, nothing beyond ASCII, not too long. */
    String plainText() {
        var plain = text().chars().filter(character -> character >= ' ' && character < 0x7f).limit(300)
                .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append).toString();
        return plain.strip();
    }

    JsonNode json() {
        return switch (random.nextInt(12)) {
            case 0 -> JSON.nullNode();
            case 1 -> JSON.booleanNode(random.nextBoolean());
            case 2, 3 -> JSON.numberNode(one(NUMBERS));
            case 4 -> JSON.numberNode(random.nextInt(-5, 70_000));
            case 5 -> JSON.arrayNode().add(json()).add(json());
            case 6 -> JSON.objectNode().set(text(), json());
            case 7 -> nested(random.nextInt(2, 400));
            default -> JSON.textNode(text());
        };
    }

    private static JsonNode nested(int depth) {
        JsonNode nested = JSON.arrayNode();
        for (int level = 0; level < depth; level++) {
            nested = level % 2 == 0 ? JSON.objectNode().set("a", nested) : JSON.arrayNode().add(nested);
        }
        return nested;
    }
}
