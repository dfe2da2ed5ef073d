package io.gatehouse.access;

import io.gatehouse.platform.Problem;
import io.gatehouse.platform.http.MergePatch;
import io.gatehouse.platform.http.RequestDocument;
import io.micronaut.core.annotation.Nullable;
import io.swagger.v3.oas.annotations.media.Schema;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;

/**
 * What a policy shall say of sudo; see {@link Sudo}.
 *
 * @param runAs        none: root
 * @param authenticate null: yes
 */
@RequestDocument
public record NewSudo(
        @Schema(requiredMode = Schema.RequiredMode.REQUIRED) @Nullable List<String> commands,
        @Nullable List<String> runAs,
        @Nullable Boolean authenticate) {

    private static final String COMMANDS = "sudo.commands";
    private static final String RUN_AS = "sudo.runAs";
    private static final int MOST = 64;

    /** No pattern and no backslash: sudo would match more than what is written. No folder, no digest, no sudoedit, no negation. */
    private static final Pattern COMMAND = Pattern.compile(
            "ALL|(?=.{1,255}$)(/(?!\\.{1,2}(/| |$)|sudoedit( |$))[A-Za-z0-9._+@-]+)+( \"\"|( [A-Za-z0-9._/:=,+@%~-]+)*)");
    private static final String COMMAND_RULE = "ALL or the absolute path of a command is needed, of at most 255 characters with its arguments: letters, digits"
            + " and ._+@-, in arguments also /:=,%~, with one blank between; \"\" as the argument stands for none. Patterns, digests, folders, sudoedit"
            + " and ! are not taken.";
    private static final Pattern RUN_AS_FORM = Pattern.compile("ALL|%?[a-z_][a-z0-9_.-]{0,31}");

    static NewSudo of(Sudo sudo) {
        return new NewSudo(sudo.commands(), sudo.runAs(), sudo.authenticate());
    }

    /** @throws Problem if the patch names anything else */
    NewSudo patched(MergePatch patch) {
        var patched = new NewSudo(
                patch.names("commands") ? patch.texts("commands") : commands,
                patch.names("runAs") ? patch.texts("runAs") : runAs,
                patch.names("authenticate") ? Boolean.valueOf(patch.flag("authenticate")) : authenticate);
        patch.end();
        return patched;
    }

    /** @throws Problem if something of it breaks a rule */
    Sudo checked() {
        if (commands == null || commands.isEmpty()) {
            throw Problem.invalidSecret(COMMANDS, "At least one command is needed; ALL is any.");
        }
        check(COMMANDS, commands, COMMAND, COMMAND_RULE);
        var users = runAs == null ? List.<String>of() : runAs;
        check(RUN_AS, users, RUN_AS_FORM, "ALL, a user name, or a group name behind % is needed.");
        return new Sudo(List.copyOf(commands), List.copyOf(users), !Boolean.FALSE.equals(authenticate));
    }

    private static void check(String field, List<String> items, Pattern form, String rule) {
        if (items.size() > MOST) {
            throw Problem.invalidSecret(field, "At most " + MOST + " are possible.");
        }
        var seen = new HashSet<String>();
        for (int i = 0; i < items.size(); i++) {
            var item = items.get(i);
            if (!form.matcher(item).matches()) {
                throw Problem.invalid(field + "[" + i + "]", item, rule);
            }
            if (!seen.add(item)) {
                throw Problem.invalid(field + "[" + i + "]", item, "This is said twice.");
            }
        }
    }
}
