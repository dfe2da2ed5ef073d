package io.gatehouse.identity;

import io.micronaut.core.annotation.Nullable;

/** What a person's fields are unless somebody says otherwise. */
record PersonDefaults(String username) {

    String sn() {
        return username;
    }

    String cn(@Nullable String givenName, String sn) {
        return givenName == null ? sn : givenName + " " + sn;
    }

    String homeDirectory() {
        return "/home/" + username;
    }

    String loginShell() {
        return "/bin/bash";
    }

    /** @return null if the field may have no value at all */
    @Nullable String of(UserField field, @Nullable String givenName, String sn) {
        return switch (field) {
            case SN -> sn();
            case CN -> cn(givenName, sn);
            case HOME_DIRECTORY -> homeDirectory();
            case LOGIN_SHELL -> loginShell();
            case GIVEN_NAME, MAIL, GECOS -> null;
        };
    }
}
