package io.gatehouse.identity;

import io.gatehouse.platform.Problem;
import io.micronaut.core.annotation.Nullable;
import java.util.function.Function;
import java.util.regex.Pattern;

/** What can be changed about a person, each with its rule. */
public enum UserField {
    GIVEN_NAME("givenName", "given_name", User::givenName, NewAccount::givenName, Form.NAME),
    SN("sn", "sn", User::sn, NewAccount::sn, Form.NAME),
    CN("cn", "cn", User::cn, NewAccount::cn, Form.NAME),
    MAIL("mail", "mail", User::mail, NewAccount::mail, Form.MAIL),
    GECOS("gecos", "gecos", User::gecos, NewAccount::gecos, Form.GECOS),
    HOME_DIRECTORY("homeDirectory", "home_directory", User::homeDirectory, NewAccount::homeDirectory, Form.PATH),
    LOGIN_SHELL("loginShell", "login_shell", User::loginShell, NewAccount::loginShell, Form.PATH);

    private final String jsonName;
    private final String column;
    private final Function<User, String> value;
    private final Function<NewAccount, String> first;
    private final Form form;

    UserField(String jsonName, String column, Function<User, String> value, Function<NewAccount, String> first, Form form) {
        this.jsonName = jsonName;
        this.column = column;
        this.value = value;
        this.first = first;
        this.form = form;
    }

    /** As the API and LDAP name it. */
    public String jsonName() {
        return jsonName;
    }

    String column() {
        return column;
    }

    @Nullable String of(User user) {
        return value.apply(user);
    }

    @Nullable String of(NewAccount account) {
        return first.apply(account);
    }

    /** @throws Problem that tells the rule that the value breaks */
    void check(String value) {
        if (!form.takes(value)) {
            throw Problem.invalid(jsonName, value, form.rule);
        }
    }

    private enum Form {
        /** Any letters of the world (DirectoryString), but nothing that breaks a line or a terminal. */
        NAME("1 to 256 characters are needed, not all of them blanks and none a control character.",
                Text.LINE + "{1,256}"),
        /** As a browser's mail field takes it; mail is an IA5String in LDAP. */
        MAIL("This is no mail address.",
                "(?=.{3,254}$)[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@" + Form.LABEL + "(\\." + Form.LABEL + ")*"),
        /** A field of the passwd format: ASCII without the colon. */
        GECOS("1 to 256 printable ASCII characters without colons are needed.", "[ -9;-~]{1,256}"),
        PATH("An absolute path is needed, of at most 256 printable ASCII characters without blanks, colons and \"..\".",
                "(?!.*/\\.\\.(/|$))/[!-9;-~]{1,255}");

        private static final String LABEL = "[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?";

        private final String rule;
        private final Pattern pattern;

        Form(String rule, String pattern) {
            this.rule = rule;
            this.pattern = Pattern.compile(pattern);
        }

        boolean takes(String value) {
            return pattern.matcher(value).matches();
        }
    }
}
