package io.gatehouse.identity;

import io.gatehouse.platform.Problem;
import io.micronaut.context.BeanProvider;
import io.micronaut.core.annotation.Nullable;
import jakarta.inject.Singleton;
import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/** Writes the {@code sssd.conf} of a container: complete, but for a service account's password that the server does not know. */
@Singleton
public final class SssdConfigurations {

    /** Where the bind password belongs in a configuration that was asked for without it. */
    public static final String PASSWORD_PLACEHOLDER = "@PASSWORD@";

    private static final String HOSTNAME_PLACEHOLDER = "@HOSTNAME@";

    /** What each line is for is in the manuals sssd.conf(5), sssd-ldap(5) and sssd-sudo(5). */
    private static final String TEMPLATE = """
            # For /etc/sssd/sssd.conf, owner root, mode 0600. The CA (GET /api/v1/ca.pem) belongs in /etc/sssd/gatehouse-ca.pem.
            [sssd]
            services = nss, pam, ssh, sudo
            domains = gatehouse

            [nss]
            filter_users = root
            filter_groups = root
            # Who may log in here from now on is there a second later, not only after the 15 of the default.
            entry_negative_timeout = 1

            [pam]
            offline_credentials_expiration = 7
            offline_failed_login_attempts = 5
            # A suspension counts at the next login, not only after the 5 seconds of the default.
            pam_id_timeout = 0
            # Asks at each login, also while the user is logged in already: who left a group has left it.
            pam_initgroups_scheme = always

            [sudo]
            # A rule that has an end ends then.
            sudo_timed = true

            [domain/gatehouse]
            id_provider = ldap
            auth_provider = ldap
            chpass_provider = ldap
            access_provider = ldap
            sudo_provider = ldap
            autofs_provider = none
            resolver_provider = none

            ldap_uri = %1$s
            ldap_id_use_start_tls = %2$s
            ldap_tls_reqcert = demand
            ldap_tls_cacert = /etc/sssd/gatehouse-ca.pem
            ldap_default_bind_dn = %3$s
            ldap_default_authtok = %4$s

            ldap_schema = %6$s
            ldap_search_base = %5$s
            ldap_user_search_base = ou=people,%5$s?onelevel?
            ldap_group_search_base = ou=groups,%5$s?onelevel?
            ldap_sudo_search_base = ou=sudoers,%5$s
            ldap_user_ssh_public_key = sshPublicKey

            ldap_pwmodify_mode = exop
            ldap_pwd_policy = none
            ldap_access_order = %9$s
            ldap_access_filter = (objectClass=posixAccount)
            ldap_account_expire_policy = shadow
            ldap_pwdlockout_dn = cn=ppolicy,ou=policies,%5$s

            %7$s
            enumerate = false
            entry_cache_timeout = 300
            # A rule of sudo that was taken back is asked for again before it is used, a new one is there soon.
            entry_cache_sudo_timeout = 5
            ldap_sudo_smart_refresh_interval = 10
            ldap_network_timeout = 3
            %8$s
            ldap_search_timeout = 4
            min_id = 1000
            """;

    /** An account that several hosts bind with is shown everybody, so that each host looks for its own name in the attribute host. */
    private static final String ACCESS_ORDER_OF_SHARED = "filter, expire, ppolicy, host";
    /** A container's own account is shown those who may log in there, and nobody else. */
    private static final String ACCESS_ORDER_OF_CONTAINER = "filter, expire, ppolicy";
    private static final String OFFLINE_LOGINS = "cache_credentials = true";
    private static final String NO_OFFLINE_LOGINS = """
            # Logins are approved on a phone, which takes a server: the password alone shall not do without one.
            cache_credentials = false""";
    private static final String QUICK_ANSWERS = "ldap_opt_timeout = 4";
    private static final String LATE_ANSWERS = """
            # A login is answered when it has been approved. Whoever waits no longer than that takes the server for dead.
            ldap_opt_timeout = %d""";
    private static final Duration MARGIN = Duration.ofSeconds(10);

    private static final List<String> SCHEMAS = List.of("rfc2307", "rfc2307bis");
    private static final Pattern URI = Pattern.compile("ldaps?://(\\[[0-9a-fA-F:.]+]|[A-Za-z0-9.-]+)(:[0-9]{1,5})?/?");
    private static final Pattern PASSWORD = Pattern.compile("[!-~]{1,1024}");

    private final ServiceAccounts accounts;
    private final BeanProvider<LdapEndpoints> ldap;
    private final PushApproval approval;

    SssdConfigurations(ServiceAccounts accounts, BeanProvider<LdapEndpoints> ldap, PushApproval approval) {
        this.accounts = accounts;
        this.ldap = ldap;
        this.approval = approval;
    }

    /**
     * @param uris     separated by commas; null for this node's
     * @param schema   rfc2307 or rfc2307bis; null for the former
     * @param password of the service account; null leaves {@link #PASSWORD_PLACEHOLDER} in its place
     * @throws Problem if there is no such service account, or a value is not one that a configuration can hold
     */
    String render(String serviceAccount, @Nullable String uris, @Nullable String schema, @Nullable String password) {
        var account = accounts.get(serviceAccount);
        var endpoints = ldap.get();
        var addresses = uris == null ? endpoints.uris() : addresses(uris);
        if (password != null && !PASSWORD.matcher(password).matches()) {
            throw Problem.invalidSecret("X-Service-Account-Password", "Printable ASCII without blanks is needed.");
        }
        return fill(addresses, account.dn(), password == null ? PASSWORD_PLACEHOLDER : password, endpoints.baseDn(), checked(schema),
                ACCESS_ORDER_OF_SHARED);
    }

    /**
     * For a container with an account of its own, and the servers that clients are told of.
     *
     * @param dn       what to bind as
     * @param password of that account, or {@link #PASSWORD_PLACEHOLDER}
     */
    public String render(String dn, String password) {
        var endpoints = ldap.get();
        return fill(endpoints.uris(), dn, password, endpoints.baseDn(), SCHEMAS.getFirst(), ACCESS_ORDER_OF_CONTAINER);
    }

    /** For any container that has joined: {@value #HOSTNAME_PLACEHOLDER} stands for its name, {@value #PASSWORD_PLACEHOLDER} for its password. */
    public String renderForContainers() {
        return render("cn=" + HOSTNAME_PLACEHOLDER + ",ou=hosts," + ldap.get().baseDn(), PASSWORD_PLACEHOLDER);
    }

    private String fill(List<String> addresses, String dn, String password, String baseDn, String schema, String accessOrder) {
        return TEMPLATE.formatted(
                String.join(", ", addresses),
                addresses.stream().anyMatch(address -> address.startsWith("ldap://")),
                dn,
                password,
                baseDn,
                schema,
                approval.isDue() ? NO_OFFLINE_LOGINS : OFFLINE_LOGINS,
                approval.isDue() ? LATE_ANSWERS.formatted(approval.patience().plus(MARGIN).toSeconds()) : QUICK_ANSWERS,
                accessOrder);
    }

    private static String checked(@Nullable String schema) {
        if (schema == null) {
            return SCHEMAS.getFirst();
        }
        if (!SCHEMAS.contains(schema)) {
            throw Problem.invalid("schema", schema, "The schema must be one of " + String.join(", ", SCHEMAS) + ".");
        }
        return schema;
    }

    private static List<String> addresses(String uris) {
        var addresses = List.of(uris.strip().split("\\s*,\\s*"));
        for (var address : addresses) {
            if (!URI.matcher(address).matches()) {
                throw Problem.invalid("uri", address, "Addresses such as ldaps://ldap.example:636 are needed, separated by commas.");
            }
        }
        return addresses;
    }
}
