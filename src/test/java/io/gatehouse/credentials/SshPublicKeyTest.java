package io.gatehouse.credentials;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.gatehouse.platform.Problem;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPairGenerator;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SshPublicKeyTest {

    private static final String ED25519 = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICr6vprrO9ZbuGuhCW4nU7wt7tCvh/d36s7tSxeadbEz";
    private static final String P256 = "ecdsa-sha2-nistp256 "
            + "AAAAE2VjZHNhLXNoYTItbmlzdHAyNTYAAAAIbmlzdHAyNTYAAABBBMdPjn5J5P7QwxIVAmAgeG6Mj5zC028jK8sy2Nqi+RD/wuT8MSksND99dp"
            + "eVuK4WcjwelVyqhZ27uxl97DjZK/k=";
    private static final String P384 = "ecdsa-sha2-nistp384 "
            + "AAAAE2VjZHNhLXNoYTItbmlzdHAzODQAAAAIbmlzdHAzODQAAABhBEBSfh6c8I3WTsyUnvAkazDqDCGxDeka36rK6XPR3VSdiZq3RcxxKgUkJI"
            + "g9ptxL2s8Xz4/cY4c3EQEAjuhCc9TJd5rsK7TzA9dtq0FQLWhCfD7oFS0b6ZgpTtbUuIH7ug==";
    private static final String P521 = "ecdsa-sha2-nistp521 "
            + "AAAAE2VjZHNhLXNoYTItbmlzdHA1MjEAAAAIbmlzdHA1MjEAAACFBACYlCrKqJTdynkC6IGqxz49WPOyXd9GbQPNV3sOeHI2QWA5kkh6527tKt"
            + "8FiBzh6sQypD50TAgCkpmFnOJkmdQqxgHFvcp9Wc3qrH40TXN0kxX+90/1yzXcN3O1Nem97m73KUcYTsPPc5aFZZZWqT7SKnc1KPXiOC7BKiHB"
            + "HgF5k5yV4A==";
    private static final String RSA = "ssh-rsa "
            + "AAAAB3NzaC1yc2EAAAADAQABAAABAQDQyAoTOiXM99H1OjVbcHxPGndELI3eJSCAQXhDifkSVlulc7AbFxMV2O74PWwRf7c5XJxXvlFRtZ59k/"
            + "8OswbcaOV0bkytwMXOXjV1TGeJzVDO+WsDNYspRl0DnZU9jsqlHuVadCBTS/to5HuWGfW3vtmo60Q7WFTJd/SIjy+ldlbceHyXkuSqNcB4rNb3"
            + "FZDD8xuPLEGpdvwPeCGpzYakxropgii+ehhvKs6LKgUIgcVZ7r3UJkjy9qTTDWl4A2YCiKPQF9OAdpUHtj5a6IM6PTPUcnV7MPPFM7IMdxNzXv"
            + "RswY6ohle9JfxRwdNItYer3mrFkqJwaeVXWZOJYakX";

    @ParameterizedTest
    @CsvSource({
        ED25519 + ", SHA256:RT516Na4sDfiB2/moR/tiyza/++lSJER4M1dq6rli+c",
        P256 + ", SHA256:/8fUPG9ktvwpe3HMjunUlYkWH68IdtCdLhRXh+oVtqs",
        P384 + ", SHA256:WBNVVosrPvrkOXxR4/LWutgImPQTBpENlmNEcz1OYFo",
        P521 + ", SHA256:4JhwbqLEh8zq9F/Tw+51a3dG1rWl1l7girS7z8cNWVo",
        RSA + ", SHA256:W247LBeNQVe+FnfDpAfvfKrIifXz3spHlSgOuVuIe/E"
    })
    void takesAKeyOfEachTypeAndTellsItsFingerprint(String line, String fingerprint) {
        var parts = line.split(" ");
        assertThat(SshPublicKey.parse(line)).isEqualTo(new SshPublicKey(parts[0], parts[1], "", fingerprint));
    }

    @Test
    void keepsTheCommentAndWritesTheLineOfAuthorizedKeys() {
        var key = SshPublicKey.parse("\n " + ED25519.replace(" ", " \t ") + "   Zoë's  laptop \r\n");
        assertThat(key.comment()).isEqualTo("Zoë's  laptop");
        assertThat(key).hasToString(ED25519 + " Zoë's  laptop");
        assertThat(SshPublicKey.parse(key.toString())).isEqualTo(key);
        assertThat(SshPublicKey.parse(ED25519)).hasToString(ED25519);
    }

    @Test
    void takesACommentOf255CharactersAndNoLongerOne() {
        var longest = "𝒳".repeat(255);
        assertThat(SshPublicKey.parse(ED25519 + " " + longest).comment()).isEqualTo(longest);
        assertThat(refusal(ED25519 + " " + longest + "x")).contains("255");
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\tb", "a\u0000b", "a\u001b[31mb", "a\u007fb", "a\u0085b", "a\u2028b", "a\ud800b"})
    void refusesControlCharactersInTheComment(String comment) {
        assertThat(refusal(ED25519 + " " + comment)).contains("control character");
    }

    @ParameterizedTest
    @ValueSource(strings = {"no-pty ", "command=\"/bin/sh -c 'x'\",no-pty ", "from=\"10.0.0.0/8\"\t", "cert-authority "})
    void refusesOptionsBeforeTheKey(String options) {
        assertThat(refusal(options + ED25519)).contains("options");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "\n", "# " + ED25519})
    void refusesWhatHoldsNoKey(String text) {
        assertThat(refusal(text)).contains("no key");
    }

    @ParameterizedTest
    @ValueSource(strings = {"hello", "alice " + "AAAA", "SSH-ED25519 AAAA", "ssh-ed448 AAAA", "rsa-sha2-512 AAAA", "1024 35 1234567"})
    void namesTheTypesItTakesWhenThereIsNone(String text) {
        assertThat(refusal(text)).contains("ssh-ed25519", "ssh-rsa", "sk-ecdsa-sha2-nistp256@openssh.com");
    }

    @Test
    void refusesATypeWithoutAKey() {
        assertThat(refusal("ssh-ed25519")).contains("missing");
    }

    @ParameterizedTest
    @ValueSource(strings = {ED25519 + "\n" + RSA, ED25519 + "\r\n" + ED25519, ED25519 + " comment\rssh-rsa"})
    void refusesSeveralLines(String text) {
        assertThat(refusal(text)).contains("several lines");
    }

    @Test
    void refusesDsa() {
        assertThat(refusal("ssh-dss AAAAB3NzaC1kc3MAAACBAORXkcuM0aHIm2EQyHA=")).contains("DSA");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ssh-ed25519-cert-v01@openssh.com", "sk-ecdsa-sha2-nistp256-cert-v01@openssh.com"})
    void refusesCertificates(String type) {
        assertThat(refusal(type + " AAAAIHNzaC1lZDI1NTE5LWNlcnQtdjAxQG9wZW5zc2guY29t")).contains("certificate");
    }

    @ParameterizedTest
    @ValueSource(strings = {
        "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n-----END OPENSSH PRIVATE KEY-----\n",
        "-----BEGIN RSA PRIVATE KEY-----\nAAAA",
        "-----BEGIN PRIVATE KEY-----",
        "-----BEGIN ENCRYPTED PRIVATE KEY-----",
        "PuTTY-User-Key-File-3: ssh-ed25519",
        "b3BlbnNzaC1rZXktdjEAAAAABG5vbmUAAAAEbm9uZQ",
        ED25519 + "\n-----BEGIN OPENSSH PRIVATE KEY-----\n"})
    void warnsAboutAPrivateKeyAndDoesNotRepeatIt(String text) {
        var problem = problem(text);
        assertThat(problem.getMessage()).contains("PRIVATE", ".pub");
        assertThat(problem.value()).isNull();
    }

    @ParameterizedTest
    @ValueSource(strings = {"---- BEGIN SSH2 PUBLIC KEY ----\nAAAA", "-----BEGIN PUBLIC KEY-----\nAAAA"})
    void tellsHowToConvertOtherFormats(String text) {
        assertThat(refusal(text)).contains("ssh-keygen -i");
    }

    @Test
    void tellsTheFieldAndAShortenedValue() {
        var problem = problem("garbage ".repeat(100_000));
        assertThat(problem.kind()).isEqualTo(Problem.Kind.INVALID);
        assertThat(problem.field()).isEqualTo("publicKey");
        assertThat(problem.value().toString()).startsWith("garbage ").hasSizeLessThan(256);
    }

    @Nested
    class RefusesAMalformedBlob {

        @ParameterizedTest
        @ValueSource(strings = {"!!!!", "AAA", "AAAA=", "AAAAC3NzaC1lZDI1NTE5AAAAI-_", "AAAA\u00e9"})
        void whoseBase64IsWrong(String base64) {
            assertThat(refusal("ssh-ed25519 " + base64)).contains("Base64");
        }

        @Test
        void whoseBase64IsNotCanonical() {
            var sixtySevenBytes = new SshBlob("sk-ssh-ed25519@openssh.com").string(new byte[32]).string("ssh:").base64();
            assertThat(sixtySevenBytes).endsWith("=");
            assertThat(refusal("sk-ssh-ed25519@openssh.com " + sixtySevenBytes.replace("=", ""))).contains("Base64");
            int last = sixtySevenBytes.indexOf('=') - 1;
            var strayBits = sixtySevenBytes.substring(0, last) + (char) (sixtySevenBytes.charAt(last) + 1) + sixtySevenBytes.substring(last + 1);
            assertThat(Base64.getDecoder().decode(strayBits)).isEqualTo(Base64.getDecoder().decode(sixtySevenBytes));
            assertThat(refusal("sk-ssh-ed25519@openssh.com " + strayBits)).contains("Base64");
        }

        @Test
        void ofAnotherTypeThanItsPrefix() {
            assertThat(refusal("ssh-rsa " + ED25519.split(" ")[1])).contains("another type");
            assertThat(refusal("ecdsa-sha2-nistp384 " + P256.split(" ")[1])).contains("another type");
        }

        @Test
        void withBytesAfterItsEnd() {
            assertThat(refusal(new SshBlob("ssh-ed25519").string(somePoint()).raw((byte) 0).line())).contains("1 bytes follow");
        }

        @Test
        void thatIsCutOffAnywhere() {
            for (var line : List.of(ED25519, P256, RSA)) {
                var blob = Base64.getDecoder().decode(line.split(" ")[1]);
                for (int length = 0; length < blob.length; length++) {
                    var cut = Base64.getEncoder().encodeToString(Arrays.copyOf(blob, length));
                    assertThat(problem(line.split(" ")[0] + " " + cut).kind()).isEqualTo(Problem.Kind.INVALID);
                }
            }
        }

        @Test
        void whoseLengthsAreHuge() {
            var huge = new byte[] {(byte) 0x7f, -1, -1, -1};
            assertThat(refusal(new SshBlob("ssh-ed25519").raw(huge).line())).contains("cut off");
            assertThat(refusal(new SshBlob("ssh-ed25519").raw((byte) -1, (byte) -1, (byte) -1, (byte) -1).line())).contains("cut off");
        }

        @Test
        void madeOfRandomBytes() {
            var random = new Random(1);
            for (int round = 0; round < 5_000; round++) {
                var noise = new byte[random.nextInt(80)];
                random.nextBytes(noise);
                var type = SshKeyType.values()[random.nextInt(SshKeyType.values().length)].wireName();
                var line = new SshBlob(type).raw(noise).line();
                assertThat(problem(line).kind()).isEqualTo(Problem.Kind.INVALID);
            }
        }
    }

    @Nested
    class Ed25519 {

        @ParameterizedTest
        @ValueSource(ints = {0, 31, 33})
        void needs32Bytes(int length) {
            assertThat(refusal(new SshBlob("ssh-ed25519").string(new byte[length]).line())).contains("32");
            assertThat(refusal(new SshBlob("sk-ssh-ed25519@openssh.com").string(new byte[length]).string("ssh:").line())).contains("32");
        }

        /** Published by libsodium among others; the first four are 0, 1, -1 and the prime itself. */
        @ParameterizedTest
        @ValueSource(strings = {
            "0000000000000000000000000000000000000000000000000000000000000000",
            "0100000000000000000000000000000000000000000000000000000000000000",
            "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "edffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
            "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
            "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
            "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
            "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa"})
        void isRefusedWhenAnybodyCanSignForIt(String point) {
            assertThat(refusal(new SshBlob("ssh-ed25519").string(HexFormat.of().parseHex(point)).line())).contains("small order");
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "ssh: ", "ssh:\n"})
        void onASecurityKeyNeedsAnApplication(String application) {
            assertThat(refusal(new SshBlob("sk-ssh-ed25519@openssh.com").string(somePoint()).string(application).line()))
                    .contains("application");
        }
    }

    @Nested
    class Ecdsa {

        @Test
        void needsTheCurveOfItsType() throws Exception {
            var line = new SshBlob("ecdsa-sha2-nistp256").string("nistp384").string(point("secp256r1", 32)).line();
            assertThat(refusal(line)).contains("nistp256");
        }

        @Test
        void needsAPointOnTheCurve() throws Exception {
            var point = point("secp256r1", 32);
            point[64] ^= 1;
            assertThat(refusal(new SshBlob("ecdsa-sha2-nistp256").string("nistp256").string(point).line())).contains("not on the curve");
            var origin = new byte[65];
            origin[0] = 4;
            assertThat(refusal(new SshBlob("ecdsa-sha2-nistp256").string("nistp256").string(origin).line())).contains("not on the curve");
        }

        @Test
        void needsAnUncompressedPoint() throws Exception {
            var compressed = Arrays.copyOf(point("secp256r1", 32), 33);
            compressed[0] = 2;
            assertThat(refusal(new SshBlob("ecdsa-sha2-nistp256").string("nistp256").string(compressed).line())).contains("uncompressed");
            assertThat(refusal(new SshBlob("ecdsa-sha2-nistp256").string("nistp256").string(new byte[1]).line())).contains("uncompressed");
        }

        @Test
        void needsCoordinatesBelowThePrime() {
            var prime = new BigInteger("ffffffff00000001000000000000000000000000ffffffffffffffffffffffff", 16);
            var point = new byte[65];
            point[0] = 4;
            var beyond = prime.add(BigInteger.valueOf(5)).toByteArray();
            System.arraycopy(beyond, beyond.length - 32, point, 1, 32);
            assertThat(refusal(new SshBlob("ecdsa-sha2-nistp256").string("nistp256").string(point).line())).contains("not on the curve");
        }
    }

    @Nested
    class Rsa {

        private static final BigInteger F4 = BigInteger.valueOf(65537);

        @ParameterizedTest
        @ValueSource(ints = {2048, 3072, 4096, 16384})
        void takes2048To16384Bits(int bits) {
            assertThat(SshPublicKey.parse(rsa(F4, modulus(bits))).type()).isEqualTo("ssh-rsa");
        }

        @ParameterizedTest
        @ValueSource(ints = {512, 1024, 2047, 16385})
        void refusesOtherLengths(int bits) {
            assertThat(refusal(rsa(F4, modulus(bits)))).contains(bits + " bits");
        }

        @Test
        void needsAnOddModulus() {
            assertThat(refusal(rsa(F4, BigInteger.ONE.shiftLeft(2047)))).contains("even");
        }

        @Test
        void needsPositiveNumbersInTheirShortestForm() {
            assertThat(refusal(rsa(F4, modulus(2048).negate()))).contains("positive");
            assertThat(refusal(rsa(BigInteger.ZERO, modulus(2048)))).contains("positive");
            assertThat(refusal(new SshBlob("ssh-rsa").string(new byte[] {0, 3}).mpint(modulus(2048)).line())).contains("leading");
        }

        @ParameterizedTest
        @ValueSource(longs = {1, 2, 65536})
        void needsASoundExponent(long exponent) {
            assertThat(refusal(rsa(BigInteger.valueOf(exponent), modulus(2048)))).contains("exponent");
        }

        @Test
        void refusesAnExponentThatMakesCheckingSlow() {
            assertThat(refusal(rsa(modulus(257), modulus(2048)))).contains("exponent");
        }

        private static String rsa(BigInteger exponent, BigInteger modulus) {
            return new SshBlob("ssh-rsa").mpint(exponent).mpint(modulus).line();
        }

        private static BigInteger modulus(int bits) {
            return new BigInteger(bits, new Random(bits)).setBit(bits - 1).setBit(0);
        }
    }

    @Nested
    class AgreesWithSshKeygen {

        @TempDir
        Path folder;

        @ParameterizedTest
        @CsvSource({"ed25519, 256", "ecdsa, 256", "ecdsa, 384", "ecdsa, 521", "rsa, 2048", "rsa, 4096"})
        void onTheKeysItMakes(String type, String bits) throws Exception {
            SshKeygen.required();
            var file = folder.resolve("key");
            SshKeygen.make(file, "-t", type, "-b", bits);
            var line = Files.readString(folder.resolve("key.pub"));

            var key = SshPublicKey.parse(line);

            assertThat(key.toString()).isEqualTo(line.strip());
            assertThat(key.comment()).isEqualTo("alice@host");
            assertThat(key.fingerprint()).isEqualTo(SshKeygen.fingerprint(folder, line));
            assertThat(refusal(Files.readString(file))).contains("PRIVATE");
        }

        @ParameterizedTest
        @ValueSource(strings = {"PEM", "PKCS8"})
        void onItsOtherFormats(String format) throws Exception {
            SshKeygen.required();
            var file = folder.resolve("key");
            SshKeygen.make(file, "-t", "rsa", "-b", "2048", "-m", format);
            assertThat(refusal(Files.readString(file))).contains("PRIVATE");
            assertThat(refusal(SshKeygen.run("-e", "-m", format, "-f", file + ".pub"))).contains("ssh-keygen -i");
            assertThat(refusal(SshKeygen.run("-e", "-m", "RFC4716", "-f", file + ".pub"))).contains("ssh-keygen -i");
        }

        @Test
        void onKeysOfSecurityKeys() throws Exception {
            SshKeygen.required();
            var ed25519 = new SshBlob("sk-ssh-ed25519@openssh.com").string(somePoint()).string("ssh:").line();
            var ecdsa = new SshBlob("sk-ecdsa-sha2-nistp256@openssh.com")
                    .string("nistp256").string(point("secp256r1", 32)).string("ssh:cluster").line();
            for (var line : List.of(ed25519, ecdsa)) {
                assertThat(SshPublicKey.parse(line).fingerprint()).isEqualTo(SshKeygen.fingerprint(folder, line));
            }
        }

        @Test
        void onWhatIsACertificate() throws Exception {
            SshKeygen.required();
            var authority = folder.resolve("ca");
            var user = folder.resolve("user");
            SshKeygen.make(authority, "-t", "ed25519");
            SshKeygen.make(user, "-t", "ecdsa");
            SshKeygen.run("-q", "-s", authority.toString(), "-I", "alice", user + ".pub");
            assertThat(refusal(Files.readString(folder.resolve("user-cert.pub")))).contains("certificate");
        }

        @Test
        void onAWeakRsaKey() throws Exception {
            SshKeygen.required();
            SshKeygen.make(folder.resolve("key"), "-t", "rsa", "-b", "1024");
            assertThat(refusal(Files.readString(folder.resolve("key.pub")))).contains("1024 bits");
        }
    }

    private static String refusal(String line) {
        return problem(line).getMessage();
    }

    private static Problem problem(String line) {
        var problem = catchThrowableOfType(Problem.class, () -> SshPublicKey.parse(line));
        assertThat(problem).as("refusal of %s", line).isNotNull();
        return problem;
    }

    private static byte[] somePoint() {
        var blob = Base64.getDecoder().decode(ED25519.split(" ")[1]);
        return Arrays.copyOfRange(blob, blob.length - 32, blob.length);
    }

    private static byte[] point(String curve, int size) throws Exception {
        var generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec(curve));
        var w = ((ECPublicKey) generator.generateKeyPair().getPublic()).getW();
        var format = "%0" + 2 * size + "x";
        return HexFormat.of().parseHex("04" + format.formatted(w.getAffineX()) + format.formatted(w.getAffineY()));
    }
}
