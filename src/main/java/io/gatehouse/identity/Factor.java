package io.gatehouse.identity;

import java.util.Locale;

/** What somebody can prove himself by besides the password. */
public enum Factor {
    /** A code of an authenticator app. */
    TOTP,
    /** One of the codes that were told when the authenticator was set up. */
    RECOVERY_CODE,
    /** An approval on a phone. */
    PUSH;

    /** As the API names it: {@code recovery_code}. */
    public String text() {
        return name().toLowerCase(Locale.ROOT);
    }
}
