package io.gatehouse.identity;

import io.gatehouse.credentials.PasswordHash;
import io.gatehouse.credentials.SshPublicKey;
import io.gatehouse.platform.Problem;
import io.micronaut.core.annotation.Nullable;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;

/**
 * A user about to be created: every value is given and has been checked.
 *
 * @param passwordImported whether the hash is not of a password that was given here
 */
record NewAccount(
        String username,
        String cn,
        String sn,
        @Nullable String givenName,
        @Nullable String mail,
        @Nullable String gecos,
        String homeDirectory,
        String loginShell,
        @Nullable String passwordHash,
        boolean passwordImported,
        boolean passwordChangeRequired,
        UserStatus status,
        List<SshPublicKey> sshPublicKeys,
        List<String> groups) {

    /** @throws Problem that tells the first broken rule */
    static NewAccount of(NewUser wish) {
        var username = Text.required("username", wish.username());
        AccountNames.checkUsername(username);
        var defaults = new PersonDefaults(username);
        var sn = wish.sn() == null ? defaults.sn() : wish.sn();
        var account = new NewAccount(
                username,
                wish.cn() == null ? defaults.cn(wish.givenName(), sn) : wish.cn(),
                sn,
                wish.givenName(),
                wish.mail(),
                wish.gecos(),
                wish.homeDirectory() == null ? defaults.homeDirectory() : wish.homeDirectory(),
                wish.loginShell() == null ? defaults.loginShell() : wish.loginShell(),
                null,
                false,
                Boolean.TRUE.equals(wish.passwordChangeRequired()),
                wish.status() == null ? UserStatus.ACTIVE : UserStatus.parse(wish.status()),
                keys(wish.sshPublicKeys()),
                wish.groups() == null ? List.of() : wish.groups().stream().map(cn -> Text.required("groups", cn)).distinct().toList());
        account.check();
        return account;
    }

    /** Several lines of authorized_keys; a repeated key counts once. */
    static List<SshPublicKey> keys(@Nullable List<String> lines) {
        var keys = new ArrayList<SshPublicKey>();
        var seen = new HashSet<String>();
        for (var line : lines == null ? List.<String>of() : lines) {
            var key = key(Text.required("sshPublicKeys", line));
            if (seen.add(key.fingerprint())) {
                keys.add(key);
            }
        }
        return keys;
    }

    private static SshPublicKey key(String line) {
        try {
            return SshPublicKey.parse(line);
        } catch (Problem e) {
            throw e.value() == null
                    ? Problem.invalidSecret("sshPublicKeys", e.getMessage())
                    : Problem.invalid("sshPublicKeys", e.value(), e.getMessage());
        }
    }

    NewAccount withPasswordHash(String hash) {
        return withPassword(hash, false);
    }

    NewAccount withoutMail() {
        return new NewAccount(
                username, cn, sn, givenName, null, gecos, homeDirectory, loginShell, passwordHash, passwordImported, passwordChangeRequired,
                status, sshPublicKeys, groups);
    }

    NewAccount withGroups(List<String> names) {
        return new NewAccount(
                username, cn, sn, givenName, mail, gecos, homeDirectory, loginShell, passwordHash, passwordImported, passwordChangeRequired,
                status, sshPublicKeys, names);
    }

    /** @throws Problem if nobody could log in with it */
    NewAccount withImportedHash(String hash) {
        PasswordHash.parse(hash);
        return withPassword(hash, true);
    }

    private NewAccount withPassword(String hash, boolean imported) {
        return new NewAccount(
                username, cn, sn, givenName, mail, gecos, homeDirectory, loginShell, hash, imported, passwordChangeRequired,
                status, sshPublicKeys, groups);
    }

    private void check() {
        UserField.SN.check(sn);
        if (givenName != null) {
            UserField.GIVEN_NAME.check(givenName);
        }
        UserField.CN.check(cn);
        if (mail != null) {
            UserField.MAIL.check(mail);
        }
        if (gecos != null) {
            UserField.GECOS.check(gecos);
        }
        UserField.HOME_DIRECTORY.check(homeDirectory);
        UserField.LOGIN_SHELL.check(loginShell);
    }

    @Override
    public String toString() {
        return "NewAccount[" + username + "]";
    }
}
