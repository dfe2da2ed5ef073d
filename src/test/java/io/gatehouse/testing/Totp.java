package io.gatehouse.testing;

import com.eatthepath.otp.HmacOneTimePasswordGenerator;
import java.security.InvalidKeyException;
import java.time.Instant;
import javax.crypto.spec.SecretKeySpec;
import org.apache.commons.codec.binary.Base32;

/** An authenticator app. */
public final class Totp {

    private static final int SECONDS = 30;

    private Totp() {
    }

    /** @param drift how many steps its clock is ahead */
    public static String code(byte[] secret, int drift) {
        try {
            return new HmacOneTimePasswordGenerator(6).generateOneTimePasswordString(
                    new SecretKeySpec(secret, "RAW"), Instant.now().getEpochSecond() / SECONDS + drift);
        } catch (InvalidKeyException e) {
            throw new IllegalStateException(e);
        }
    }

    /** @param secret in Base32, as it was told */
    public static String code(String secret, int drift) {
        return code(new Base32().decode(secret), drift);
    }
}
