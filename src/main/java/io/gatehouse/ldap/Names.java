package io.gatehouse.ldap;

import com.unboundid.ldap.sdk.ResultCode;
import io.gatehouse.directory.Directory;
import io.gatehouse.directory.DirectoryLayout;
import io.gatehouse.directory.Dn;
import io.gatehouse.directory.Principal;
import jakarta.inject.Singleton;
import java.util.Locale;
import java.util.regex.Pattern;

/** Finds whom a DN or an authorization identity (RFC 4513 section 5.2.1.8) names. */
@Singleton
final class Names {

    private static final String DN_PREFIX = "dn:";
    private static final String USER_PREFIX = "u:";
    private static final Pattern USERNAME = Pattern.compile("[a-z_][a-z0-9_.-]{0,31}");

    /**
     * @param account   the same for all spellings of the name, whether it exists or not
     * @param principal null if it does not
     */
    record Named(String account, Principal principal) {

        /** As the audit log names it; what cannot be an account's name may be anything, such as a password in the wrong field. */
        String target() {
            if (principal != null) {
                return switch (principal.type()) {
                    case PERSON -> "user:";
                    case SERVICE_ACCOUNT -> "service-account:";
                    case MACHINE -> "container:";
                } + principal.name();
            }
            return USERNAME.matcher(account).matches() ? "user:" + account : account.contains("=") ? "dn:" + account : "user:?";
        }
    }

    private final Directory directory;
    private final DirectoryLayout layout;

    Names(Directory directory, DirectoryLayout layout) {
        this.directory = directory;
        this.layout = layout;
    }

    /** @throws Refusal with invalidDNSyntax */
    Dn parse(String dn) {
        var parsed = layout.parse(dn);
        if (parsed == null) {
            throw new Refusal(ResultCode.INVALID_DN_SYNTAX, "This is not a distinguished name (RFC 4514).");
        }
        return parsed;
    }

    Named byDn(String dn) {
        var parsed = parse(dn);
        var principal = directory.snapshot().principal(parsed);
        var username = layout.username(parsed);
        return new Named(username == null ? parsed.key() : username, principal);
    }

    /** A DN, {@code dn:DN}, {@code u:NAME} or a plain user name. */
    Named byIdentity(String identity) {
        var lower = identity.toLowerCase(Locale.ROOT);
        if (lower.startsWith(DN_PREFIX)) {
            return byDn(identity.substring(DN_PREFIX.length()));
        }
        if (lower.startsWith(USER_PREFIX)) {
            return byUsername(lower.substring(USER_PREFIX.length()));
        }
        return identity.contains("=") ? byDn(identity) : byUsername(lower);
    }

    private Named byUsername(String username) {
        return new Named(username, directory.snapshot().person(username));
    }
}
