package io.gatehouse.identity;

import io.gatehouse.platform.Problem;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Which names accounts and groups may have.
 *
 * <p>A name that a container's own system or its packages use is refused: NSS would answer with the local account or with ours,
 * depending on the order in nsswitch.conf, and files, {@code sudoers} ({@code %sudo}, {@code %admin}, {@code %wheel}) and daemons
 * go by the name. Groups and users share one list, because a user may be shown with a private group of the same name.
 */
final class AccountNames {

    private static final Pattern FORM = Pattern.compile("[a-z_][a-z0-9_.-]{0,31}");
    private static final Pattern SERVICE_FORM = Pattern.compile("[a-z_][a-z0-9_.-]{0,62}");

    private static final Set<String> SYSTEM = words("""
            root daemon bin sys sync games man lp mail news uucp proxy www-data backup list irc gnats nobody nogroup nfsnobody
            adm tty disk kmem dialout fax voice cdrom floppy tape sudo audio dip operator src shadow utmp video sasl plugdev staff
            users wheel input kvm render sgx crontab netdev ssh ssl-cert lpadmin scanner bluetooth sambashare wireshark vboxusers
            nopasswdlogin google-sudoers i2c gpio spi tss uuidd mlocate plocate halt shutdown
            messagebus dbus polkitd syslog rtkit avahi colord geoclue pulse pipewire saned usbmux gdm lightdm sddm
            sshd sssd nslcd nscd openldap ldap slapd radiusd freerad ntp ntpd chrony statd rpc rpcuser rpcbind nfs dhcpd kea
            named bind unbound knot pdns dnsmasq avahi-autoipd strongswan openvpn wireguard tcpdump snmp snmpd
            postfix postdrop exim dovecot dovenull amavis clamav spamd opendkim opendmarc rspamd
            postgres mysql mariadb redis valkey mongodb memcache memcached rabbitmq elasticsearch opensearch etcd cassandra
            nginx apache httpd www tomcat haproxy varnish squid traefik caddy
            docker containerd podman lxc lxd incus libvirt libvirt-qemu qemu ceph
            prometheus grafana node-exporter zabbix nagios icinga munin telegraf influxdb loki collectd
            git gitlab gitea jenkins ftp sftp tor debian-tor debian-transmission minidlna
            ubuntu debian cloud-user ec2-user
            ldapusers sysadmins anonymous system
            """);

    /** Many an administrator's account is called {@code admin}, but Ubuntu's sudoers lets its group do everything. */
    private static final Set<String> GROUPS_ONLY = Set.of("admin");

    private AccountNames() {
    }

    /** Whether there could be a user or group of that name; if not, there is no need to ask the database. */
    static boolean isWellFormed(String name) {
        return FORM.matcher(name).matches();
    }

    static void checkUsername(String name) {
        check("username", name, FORM, 32);
        if (isSystem(name)) {
            throw Problem.invalid("username", name, "This name is reserved for the system's own accounts.");
        }
    }

    static void checkGroupName(String name) {
        check("cn", name, FORM, 32);
        if (isSystem(name) || GROUPS_ONLY.contains(name)) {
            throw Problem.invalid("cn", name, "This name is reserved for the system's own groups.");
        }
    }

    static void checkServiceName(String name) {
        check("name", name, SERVICE_FORM, 63);
    }

    static boolean isWellFormedServiceName(String name) {
        return SERVICE_FORM.matcher(name).matches();
    }

    private static void check(String field, String name, Pattern form, int length) {
        if (!form.matcher(name).matches()) {
            throw Problem.invalid(field, name, "1 to " + length + " characters of a-z, 0-9, _, . and - are needed, the first a letter or _.");
        }
    }

    /** Debian's packages name their accounts with a leading underscore (Debian policy 9.2.1). */
    private static boolean isSystem(String name) {
        return SYSTEM.contains(name) || name.startsWith("_") || name.startsWith("systemd-");
    }

    private static Set<String> words(String text) {
        return Set.of(text.strip().split("\\s+"));
    }
}
