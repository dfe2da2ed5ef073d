package io.gatehouse.identity;

import io.gatehouse.credentials.SshPublicKey;
import io.gatehouse.platform.Problem;
import io.gatehouse.platform.http.MergePatch;
import io.micronaut.core.annotation.Nullable;
import java.time.Instant;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;

/**
 * What shall be different about a user; what is not named stays.
 *
 * @param fields                 new values; an empty one goes back to its default, or to none where there is no default
 * @param sshPublicKeys          from the keys that the user has to those that he shall have
 * @param password               in clear, checked against the policy
 * @param provedPassword         when the present password was set that whoever changes it has proved; null if none was proved
 * @param passwordChangeRequired whether the user must set another password before anything else
 */
public record UserPatch(
        Map<UserField, Optional<String>> fields,
        @Nullable UnaryOperator<List<SshPublicKey>> sshPublicKeys,
        @Nullable String password,
        @Nullable Instant provedPassword,
        @Nullable Boolean passwordChangeRequired) {

    /** Changes nothing. */
    public static final UserPatch NONE = new UserPatch(Map.of(), null, null, null, null);

    static final String PASSWORD_CHANGE_REQUIRED = "passwordChangeRequired";

    /** Mail goes where an account can be got hold of; files are where they are. */
    private static final Set<UserField> KEPT_BY_ADMINISTRATORS = EnumSet.of(UserField.MAIL, UserField.HOME_DIRECTORY);

    public UserPatch {
        fields = Map.copyOf(fields);
    }

    /** @throws io.gatehouse.platform.Problem if it names anything else */
    static UserPatch of(MergePatch members) {
        var patch = NONE;
        for (var field : UserField.values()) {
            if (members.names(field.jsonName())) {
                patch = patch.with(field, members.text(field.jsonName()));
            }
        }
        if (members.names("sshPublicKeys")) {
            patch = patch.withSshPublicKeys(NewAccount.keys(members.texts("sshPublicKeys")));
        }
        if (members.names(PASSWORD_CHANGE_REQUIRED)) {
            patch = patch.withPasswordChangeRequired(members.flag(PASSWORD_CHANGE_REQUIRED));
        }
        members.end();
        return patch;
    }

    /**
     * Of what people change about themselves.
     *
     * @throws io.gatehouse.platform.Problem if it names anything else
     */
    public static UserPatch ofOneself(MergePatch members) {
        Stream.concat(KEPT_BY_ADMINISTRATORS.stream().map(UserField::jsonName), Stream.of(PASSWORD_CHANGE_REQUIRED)).filter(members::names)
                .findFirst().ifPresent(name -> {
                    throw Problem.forbidden(name, "An administrator changes this.");
                });
        return of(members);
    }

    /** @param value null for the default, or for none where there is no default */
    public UserPatch with(UserField field, @Nullable String value) {
        var more = new EnumMap<UserField, Optional<String>>(UserField.class);
        more.putAll(fields);
        more.put(field, Optional.ofNullable(value));
        return new UserPatch(more, sshPublicKeys, password, provedPassword, passwordChangeRequired);
    }

    UserPatch withSshPublicKeys(List<SshPublicKey> keys) {
        return withSshPublicKeys(present -> keys);
    }

    /** @param change called when nobody else changes them */
    public UserPatch withSshPublicKeys(UnaryOperator<List<SshPublicKey>> change) {
        return new UserPatch(fields, change, password, provedPassword, passwordChangeRequired);
    }

    /** @param proved when the password was set that this one may take the place of, and no other; null: of whatever there is */
    public UserPatch withPassword(String password, @Nullable Instant proved) {
        return new UserPatch(fields, sshPublicKeys, password, proved, passwordChangeRequired);
    }

    UserPatch withPasswordChangeRequired(@Nullable Boolean required) {
        return new UserPatch(fields, sshPublicKeys, password, provedPassword, required);
    }

    @Override
    public String toString() {
        return "UserPatch[" + fields + (sshPublicKeys == null ? "" : ", sshPublicKeys") + (password == null ? "" : ", password")
                + (passwordChangeRequired == null ? "" : ", " + PASSWORD_CHANGE_REQUIRED + "=" + passwordChangeRequired) + "]";
    }
}
