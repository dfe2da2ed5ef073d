package io.gatehouse.identity;

import com.fasterxml.jackson.annotation.JsonValue;
import io.gatehouse.platform.Problem;
import io.micronaut.core.annotation.Nullable;
import io.micronaut.serde.annotation.Serdeable;
import java.util.Locale;

/** Whether people need a second factor to bind over LDAP with their own password. */
@Serdeable
public enum LdapSecondFactor {
    /** Who has one needs it. */
    IF_PRESENT,
    /** Who has none cannot bind. */
    REQUIRED,
    /** The password is enough. */
    NOT_NEEDED;

    static final String FIELD = "ldapSecondFactor";

    /** As the API and the database write it. */
    @JsonValue
    public String text() {
        return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** @throws Problem if there is no such policy */
    static LdapSecondFactor orDefault(@Nullable String text) {
        var policy = parse(text);
        return policy == null ? IF_PRESENT : policy;
    }

    /**
     * @param text null: nothing is said
     * @throws Problem if there is no such policy
     */
    static @Nullable LdapSecondFactor parse(@Nullable String text) {
        if (text == null) {
            return null;
        }
        for (var policy : values()) {
            if (policy.text().equals(text)) {
                return policy;
            }
        }
        throw Problem.invalid(FIELD, text, "The policy must be if-present, required or not-needed.");
    }
}
