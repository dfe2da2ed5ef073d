package io.gatehouse.ldap;

import com.unboundid.ldap.protocol.ModifyRequestProtocolOp;
import com.unboundid.ldap.sdk.Control;
import com.unboundid.ldap.sdk.Modification;
import com.unboundid.ldap.sdk.ModificationType;
import com.unboundid.ldap.sdk.ResultCode;
import io.gatehouse.credentials.SshPublicKey;
import io.gatehouse.directory.AttributeType;
import io.gatehouse.directory.DirectoryLayout;
import io.gatehouse.directory.DirectoryView;
import io.gatehouse.directory.Entry;
import io.gatehouse.directory.Principal;
import io.gatehouse.identity.UserField;
import io.gatehouse.identity.UserPatch;
import io.gatehouse.identity.Users;
import io.gatehouse.ldap.Names.Named;
import io.micronaut.core.annotation.Nullable;
import jakarta.inject.Singleton;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.UnaryOperator;

/**
 * Modify (RFC 4511 section 4.6) of what people keep themselves: password, SSH keys, shell and gecos. All modifications of a
 * request take effect, or none.
 */
@Singleton
final class ModifyOperation {

    private static final Set<String> CONTROLS = Set.of(RequestControls.ASSERTION, RequestControls.MANAGE_DSA_IT, RequestControls.PASSWORD_POLICY);
    private static final Set<String> PASSWORD = Set.of("userPassword", "shadowLastChange");
    private static final Map<String, UserField> FIELDS = Map.of("loginShell", UserField.LOGIN_SHELL, "gecos", UserField.GECOS);

    private final LdapConfiguration configuration;
    private final Names names;
    private final PasswordCheck passwords;
    private final DirectoryLayout layout;
    private final Users users;
    private final AdministratorRights rights;

    ModifyOperation(LdapConfiguration configuration, Names names, PasswordCheck passwords, DirectoryLayout layout, Users users,
            AdministratorRights rights) {
        this.configuration = configuration;
        this.names = names;
        this.passwords = passwords;
        this.layout = layout;
        this.users = users;
        this.rights = rights;
    }

    Answer process(Session session, ModifyRequestProtocolOp request, List<Control> requestControls) {
        var controls = RequestControls.check(requestControls, CONTROLS);
        var actor = session.principal();
        if (actor == null) {
            throw new Refusal(ResultCode.INSUFFICIENT_ACCESS_RIGHTS, "Bind first.");
        }
        session.requireCompleteProof();
        var view = session.view();
        var dn = names.parse(request.getDN());
        if (!dn.key().equals(names.parse(actor.dn()).key()) || !changesPasswordOnly(request)) {
            session.requireNoPasswordChangeFirst();
        }
        var entry = view.find(dn);
        if (entry == null) {
            return Answer.noSuchObject(view.matchedDn(dn));
        }
        var target = view.snapshot().principal(entry.id());
        if (target == null || target.type() != Principal.Type.PERSON || target.entryId() != actor.entryId() && !rights.mayChangeOthers(session)) {
            throw new Refusal(ResultCode.INSUFFICIENT_ACCESS_RIGHTS, "Over LDAP, people change their own entry and administrators those of people.");
        }
        AssertedFilter.require(controls, view, entry);
        boolean isOwn = target.entryId() == actor.entryId();
        var patch = new Patch(session, view, entry, target, isOwn ? actor.passwordChangedAt() : null);
        for (var modification : request.getModifications()) {
            patch.apply(modification);
        }
        var changed = users.modify(target.name(), patch.result(), session.actor());
        if (patch.changesPassword() && isOwn) {
            session.refresh(changed.passwordChangedAt());
        }
        return Answer.SUCCESS;
    }

    private boolean changesPasswordOnly(ModifyRequestProtocolOp request) {
        return request.getModifications().stream().map(modification -> layout.schema().find(modification.getAttributeName()))
                .allMatch(type -> type != null && PASSWORD.contains(type.name()));
    }

    /** Works out what the modifications, one after another, come to. */
    private final class Patch {

        private final Session session;
        private final DirectoryView view;
        private final Entry entry;
        private final Principal target;
        private UserPatch patch = UserPatch.NONE;
        private UnaryOperator<List<SshPublicKey>> keys = UnaryOperator.identity();
        private boolean provedOldPassword;
        private Instant proved;

        /** @param proved when the password was set by which its owner is bound; null of somebody else */
        Patch(Session session, DirectoryView view, Entry entry, Principal target, @Nullable Instant proved) {
            this.session = session;
            this.view = view;
            this.entry = entry;
            this.target = target;
            this.proved = proved;
        }

        UserPatch result() {
            if (provedOldPassword && !changesPassword()) {
                throw new Refusal(ResultCode.CONSTRAINT_VIOLATION, "A password can be replaced, not removed.");
            }
            return patch;
        }

        boolean changesPassword() {
            return patch.password() != null;
        }

        void apply(Modification modification) {
            var type = layout.schema().find(modification.getAttributeName());
            if (type == null) {
                throw new Refusal(ResultCode.UNDEFINED_ATTRIBUTE_TYPE, "The schema does not know one of these attributes.");
            }
            if (modification.getModificationType() == ModificationType.ADD && !modification.hasValue()) {
                throw new Refusal(ResultCode.PROTOCOL_ERROR, "What is added needs a value (RFC 4511 section 4.6).");
            }
            switch (type.name()) {
                case "userPassword" -> password(modification);
                case "sshPublicKey" -> keys(modification);
                case "loginShell", "gecos" -> field(type, modification);
                case "shadowLastChange" -> lastChange(modification);
                default -> throw new Refusal(
                        type.isOperational() ? ResultCode.CONSTRAINT_VIOLATION : ResultCode.INSUFFICIENT_ACCESS_RIGHTS,
                        type + " is not changed over LDAP; userPassword, sshPublicKey, loginShell and gecos are.");
            }
        }

        /** Either one replacement, or the deletion of the old value and the addition of a new one. */
        private void password(Modification modification) {
            session.requireConfidentiality(configuration);
            var values = modification.getValueByteArrays();
            var kind = modification.getModificationType();
            if (kind == ModificationType.DELETE && values.length == 1) {
                passwords.requireOld(new Named(target.name(), target), values[0], session);
                provedOldPassword = true;
                proved = target.passwordChangedAt();
            } else if ((kind == ModificationType.REPLACE || kind == ModificationType.ADD && provedOldPassword) && values.length == 1
                    && !changesPassword()) {
                patch = patch.withPassword(text(values[0]), proved);
            } else {
                throw new Refusal(ResultCode.CONSTRAINT_VIOLATION,
                        "userPassword takes one replacement, or the deletion of the old value and the addition of one new value.");
            }
        }

        /** Worked out once nobody else changes the keys. */
        private void keys(Modification modification) {
            var values = texts(List.of(modification.getValueByteArrays())).stream().map(SshPublicKey::parse).toList();
            var kind = modification.getModificationType();
            if (kind != ModificationType.ADD && kind != ModificationType.DELETE && kind != ModificationType.REPLACE) {
                throw notOfThisKind();
            }
            var before = keys;
            keys = present -> {
                var changed = new ArrayList<>(before.apply(present));
                if (kind == ModificationType.ADD) {
                    values.forEach(key -> addKey(changed, key));
                } else if (kind == ModificationType.DELETE && !values.isEmpty()) {
                    values.forEach(key -> removeKey(changed, key));
                } else if (kind == ModificationType.DELETE && changed.isEmpty()) {
                    throw new Refusal(ResultCode.NO_SUCH_ATTRIBUTE, "There are no SSH keys.");
                } else {
                    return values;
                }
                return changed;
            };
            patch = patch.withSshPublicKeys(keys);
        }

        private static void addKey(List<SshPublicKey> keys, SshPublicKey key) {
            if (keys.stream().anyMatch(present -> present.fingerprint().equals(key.fingerprint()))) {
                throw new Refusal(ResultCode.ATTRIBUTE_OR_VALUE_EXISTS, "This SSH key is there already.");
            }
            keys.add(key);
        }

        private static void removeKey(List<SshPublicKey> keys, SshPublicKey key) {
            if (!keys.removeIf(present -> present.fingerprint().equals(key.fingerprint()))) {
                throw new Refusal(ResultCode.NO_SUCH_ATTRIBUTE, "There is no such SSH key.");
            }
        }

        private void field(AttributeType type, Modification modification) {
            var field = FIELDS.get(type.name());
            var values = texts(List.of(modification.getValueByteArrays()));
            if (values.size() > 1) {
                throw new Refusal(ResultCode.CONSTRAINT_VIOLATION, type + " has one value.");
            }
            var present = patch.fields().containsKey(field)
                    ? patch.fields().get(field).map(List::of).orElse(List.of())
                    : texts(view.values(entry, type));
            switch (modification.getModificationType().intValue()) {
                case ModificationType.REPLACE_INT_VALUE -> patch = patch.with(field, values.isEmpty() ? null : values.getFirst());
                case ModificationType.ADD_INT_VALUE -> {
                    if (!present.isEmpty()) {
                        throw new Refusal(ResultCode.ATTRIBUTE_OR_VALUE_EXISTS, type + " has a value already.");
                    }
                    patch = patch.with(field, values.getFirst());
                }
                case ModificationType.DELETE_INT_VALUE -> {
                    if (present.isEmpty() || !values.isEmpty() && !present.equals(values)) {
                        throw new Refusal(ResultCode.NO_SUCH_ATTRIBUTE, type + " has no such value.");
                    }
                    patch = patch.with(field, null);
                }
                default -> throw notOfThisKind();
            }
        }

        /** Some clients set the date behind a password change; the server has done so already, and takes no other. */
        private void lastChange(Modification modification) {
            var today = LocalDate.now(ZoneOffset.UTC).toEpochDay();
            var days = texts(List.of(modification.getValueByteArrays()));
            if (modification.getModificationType() != ModificationType.REPLACE || days.size() != 1
                    || !List.of(Long.toString(today - 1), Long.toString(today), Long.toString(today + 1)).contains(days.getFirst())) {
                throw new Refusal(ResultCode.CONSTRAINT_VIOLATION, "shadowLastChange follows the password.");
            }
        }
    }

    private static Refusal notOfThisKind() {
        return new Refusal(ResultCode.CONSTRAINT_VIOLATION, "Values are added, deleted and replaced here, not incremented.");
    }

    private static List<String> texts(List<byte[]> values) {
        return values.stream().map(ModifyOperation::text).toList();
    }

    private static String text(byte[] value) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(value)).toString();
        } catch (CharacterCodingException e) {
            throw new Refusal(ResultCode.INVALID_ATTRIBUTE_SYNTAX, "A value is not UTF-8.");
        }
    }
}
