package io.gatehouse.credentials;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.zxing.BinaryBitmap;
import com.google.zxing.RGBLuminanceSource;
import com.google.zxing.common.HybridBinarizer;
import com.google.zxing.qrcode.QRCodeReader;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TotpSecretTest {

    private static final TotpSecret SECRET = new TotpSecret("12345678901234567890".getBytes(StandardCharsets.US_ASCII));

    /** RFC 6238 appendix B has eight digits of each; ours are the last six of them. */
    @ParameterizedTest
    @CsvSource({"59, 287082", "1111111109, 081804", "1111111111, 050471", "1234567890, 005924", "2000000000, 279037", "20000000000, 353130"})
    void hasTheCodesOfTheRfc(long seconds, String code) {
        assertThat(SECRET.step(code, Instant.ofEpochSecond(seconds))).hasValue(seconds / 30);
    }

    @Test
    void takesOneStepOfDriftEachWayAndNoMore() {
        var code = SECRET.code(1_000_000);
        assertThat(List.of(-2L, -1L, 0L, 1L, 2L)).extracting(drift -> SECRET.step(code, Instant.ofEpochSecond((1_000_000 + drift) * 30 + 15)).isPresent())
                .containsExactly(false, true, true, true, false);
    }

    @ParameterizedTest
    @CsvSource({"28708", "2870820", "28708a", "٢٨٧٠٨٢", "' 287082'", "''"})
    void takesSixDigitsOnly(String code) {
        assertThat(SECRET.step(code, Instant.ofEpochSecond(59))).isEmpty();
    }

    @Test
    void tellsAppsAllTheyNeed() {
        assertThat(SECRET.uri("Gate house", "a.b_c")).isEqualTo("otpauth://totp/Gate%20house:a.b_c?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
                + "&issuer=Gate%20house&algorithm=SHA1&digits=6&period=30");
        assertThat(SECRET.toString()).doesNotContain(SECRET.base32());
    }

    @Test
    void isRandom() {
        assertThat(TotpSecret.generate().bytes()).hasSize(20).isNotEqualTo(TotpSecret.generate().bytes());
    }

    @Test
    void anImageOfItsUriIsRead() throws Exception {
        var uri = SECRET.uri("Gatehouse", "a".repeat(32));
        var image = ImageIO.read(new ByteArrayInputStream(QrImage.of(uri).png()));
        var pixels = image.getRGB(0, 0, image.getWidth(), image.getHeight(), null, 0, image.getWidth());

        var read = new QRCodeReader().decode(new BinaryBitmap(new HybridBinarizer(
                new RGBLuminanceSource(image.getWidth(), image.getHeight(), pixels))));

        assertThat(read.getText()).isEqualTo(uri);
        assertThat(QrImage.of(uri).svg()).startsWith("<svg xmlns=\"http://www.w3.org/2000/svg\"").endsWith("</svg>").doesNotContain(uri);
    }

    @Test
    void madeUpSecretsAreDifferentAndKnownByTheirForm() {
        assertThat(RandomSecret.recoveryCodes()).hasSize(10).doesNotHaveDuplicates().allMatch(RandomSecret::looksLikeRecoveryCode);
        var code = RandomSecret.recoveryCodes().getFirst();
        assertThat(RandomSecret.recoveryHash(code.toUpperCase().replace('-', ' '))).isEqualTo(RandomSecret.recoveryHash(code));
        assertThat(RandomSecret.looksLikeAppPassword(RandomSecret.appPassword())).isTrue();
        assertThat(RandomSecret.appPassword()).isNotEqualTo(RandomSecret.appPassword());
        assertThat(RandomSecret.looksLikeAppPassword("correct horse battery")).isFalse();
    }
}
