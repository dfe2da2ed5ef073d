#!/bin/sh
# Has this machine join the directory of Gatehouse: people log in here with the passwords and the SSH keys that they have there.
#
#   curl -fsS 'ADDRESS' | sh                        as root, with the address that a join token came with
#   curl -fsS 'ADDRESS' | sh -s -- --dry-run        tells what it would do, and changes nothing
#   curl -fsS 'ADDRESS' | sh -s -- --no-install     the packages are there already, or it fails
#   export CURL_CA_BUNDLE=FILE                      before it, where the server has a certificate of a CA of its own
#   gatehouse-leave                                 undoes everything; afterwards on this machine
#
# It may be run again at any time. For Debian and Ubuntu; for others see docs/joining.md, "By hand".
set -eu

server=@SERVER@
token=@TOKEN@
token_is=@TOKEN_STATE@
container=@HOSTNAME@
owner=@OWNER@
bind_dn=@BIND_DN@

state=/var/lib/gatehouse-join
sssd_conf=/etc/sssd/sssd.conf
leave=/usr/local/sbin/gatehouse-leave
# pwquality asks for the new password that pam_sss changes, and needs a dictionary.
packages='sssd-ldap libnss-sss libpam-sss libsss-sudo sudo openssh-server libpam-pwquality cracklib-runtime'

# The authority whose servers this machine believes, and no other.
authority() { cat <<'GATEHOUSE_END'
@AUTHORITY@
GATEHOUSE_END
}

# sssd.conf without its password, which the server tells once, in exchange for the token.
sssd_template() { cat <<'GATEHOUSE_END'
@SSSD_CONF@
GATEHOUSE_END
}

sshd_settings() { cat <<'GATEHOUSE_END'
# Keys of people in the directory; those in ~/.ssh/authorized_keys count as well.
AuthorizedKeysCommand /usr/bin/sss_ssh_authorizedkeys %u
AuthorizedKeysCommandUser nobody
GATEHOUSE_END
}

leave_script() { cat <<'GATEHOUSE_END'
@LEAVE@
GATEHOUSE_END
}

dry_run=false
install=true
sssd_changed=false
sshd_changed=false
work=

say() { printf '%s\n' "$*"; }
step() { printf '  %-10s %s\n' "$1" "$2"; }
would() { if $dry_run; then step "would $1" "$2"; else step "$1" "$2"; fi; }
warn() { printf 'Note: %s\n' "$*" >&2; }
fail() {
  printf 'gatehouse-join: %s\n' "$1" >&2
  shift
  for line in "$@"; do printf '  %s\n' "$line" >&2; done
  exit 1
}
hash_of() { sha256sum | cut -d ' ' -f 1; }
new_token_help="Ask for a new one (POST $server/api/v1/containers/ID/join-token, by the container's owner or an administrator) and paste its command."

usage() {
  say 'Options, behind "| sh -s --": --dry-run, --no-install, leave [--remove-account] [--dry-run].'
}

check_machine() {
  $dry_run || [ "$(id -u)" = 0 ] || fail 'Only root can do this.' 'Put sudo before sh:  curl ... | sudo sh'
  if ! command -v apt-get >/dev/null || ! command -v pam-auth-update >/dev/null; then
    fail 'This is neither Debian nor Ubuntu, and nothing was changed.' \
      'docs/joining.md tells under "By hand" how to do the same with files.'
  fi
  command -v curl >/dev/null || fail 'There is no curl here.' 'apt-get install curl ca-certificates'
  case $server in
    http://*) warn "$server is reached without TLS: whoever is on the way there can become root here." ;;
  esac
  for uri in $(sssd_template | sed -n 's/^ldap_uri = //p' | tr -d ','); do
    host=$(say "$uri" | sed 's,^[a-z]*://,,; s,:[0-9]*/*$,,; s,/*$,,; s,^\[\(.*\)\]$,\1,')
    getent ahosts "$host" >/dev/null || warn "this machine does not know $host, a server of the directory. It will need that name in DNS or /etc/hosts."
  done
}

# Whether this machine has its account already, by this very token.
has_account() {
  [ -r "$state/token" ] && [ -r "$sssd_conf" ] && [ "$(cat "$state/token")" = "$(printf %s "$token" | hash_of)" ] &&
    grep -qxF "ldap_default_bind_dn = $bind_dn" "$sssd_conf" && grep -q '^ldap_default_authtok = .' "$sssd_conf"
}

check_token() {
  if has_account; then return; fi
  if $dry_run && [ "$(id -u)" != 0 ]; then
    warn 'only root can see whether this machine has joined already.'
    return
  fi
  case $token_is in
    used) fail 'This join token was used already, and not here as it seems: it works once. Nothing was changed.' "$new_token_help" ;;
    expired) fail 'This join token is older than an hour. Nothing was changed.' "$new_token_help" ;;
  esac
}

# What gatehouse-leave needs to know.
make_state() { mkdir -p "$state" && chmod 700 "$state"; }

missing_packages() {
  for package in $packages; do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q ' installed$' || printf '%s ' "$package"
  done
}

install_packages() {
  missing=$(missing_packages)
  missing=${missing% }
  if [ -z "$missing" ]; then
    step present "packages: $packages"
    return
  fi
  $install || fail "These packages are missing: $missing" "Install them, or leave out --no-install."
  would install "packages: $missing"
  if $dry_run; then return; fi
  # shellcheck disable=SC2086
  { DEBIAN_FRONTEND=noninteractive apt-get -qq update &&
    DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends install $missing; } >"$work/apt.log" 2>&1 || {
    tail -n 15 "$work/apt.log" >&2
    fail 'The packages could not be installed; the lines above are of apt-get.' \
      'Nothing else was changed, and the token is still good: repair apt, and run the same command again.'
  }
  make_state
  say "$missing" >>"$state/packages"
}

# redeem: sssd.conf, with the password, to standard output
redeem() {
  status=$(printf '{"token":"%s"}' "$token" | curl -sS --max-time 60 -o "$work/answer" -w '%{http_code}' \
    -H 'Content-Type: application/json' --data-binary @- "$server/join") ||
    fail "$server did not answer; whether it took the token is not known." \
      'If its certificate was not believed:  export CURL_CA_BUNDLE=FILE, with the CA in it, first.' 'Run the same command again; if it says that the token was used:' "$new_token_help"
  if [ "$status" != 200 ]; then
    fail "The server refused the token ($status): $(sed -n 's/.*"detail":"\([^"]*\)".*/\1/p' "$work/answer")" "$new_token_help"
  fi
  grep -q '^ldap_default_authtok = .' "$work/answer" || fail "What $server answers is no sssd.conf." 'Is another server in its place, or a proxy between?'
  cat "$work/answer"
}

# The template with the password that the present file has.
refreshed() {
  sed -n 's/^ldap_default_authtok = //p' "$sssd_conf" >"$work/password"
  sssd_template | awk -v mark='@PASSWORD@' 'NR == FNR { password = $0; next }
    { at = index($0, mark); if (at) $0 = substr($0, 1, at - 1) password substr($0, at + length(mark)); print }' "$work/password" -
}

# place FILE MODE: "$work/new" becomes the file; what was there is kept for gatehouse-leave. "$changed" tells whether it is another one.
place() {
  changed=false
  if [ -f "$1" ] && cmp -s "$work/new" "$1"; then
    step unchanged "$1"
    return
  fi
  changed=true
  would write "$1"
  if $dry_run; then
    if [ "$1" != "$leave" ]; then
      sed 's/^\(ldap_default_authtok = \).*/\1(told by the server)/; s/^/    | /' "$work/new"
    fi
    return
  fi
  if [ ! -f "$state/ours$1" ] && [ -e "$1" ]; then
    mkdir -p "$(dirname "$state/saved$1")"
    cp -p "$1" "$state/saved$1"
    [ "$1" != "$sssd_conf" ] || warn "there was another $1: it is kept in $state/saved$1 and comes back with gatehouse-leave."
  fi
  mkdir -p "$(dirname "$1")" "$(dirname "$state/ours$1")"
  # Its hash first: leaving must know the file for ours whenever this breaks off.
  hash_of <"$work/new" >"$state/ours$1"
  fresh=$(mktemp "$1.XXXXXX")
  cat "$work/new" >"$fresh"
  chmod "$2" "$fresh"
  mv -f "$fresh" "$1"
}

place_sssd_conf() {
  if has_account; then
    refreshed >"$work/new"
  elif $dry_run; then
    step 'would ask' "$server for this machine's account, in exchange for the token"
    sssd_template >"$work/new"
  else
    redeem >"$work/new"
    step joined "as $bind_dn"
  fi
  place "$sssd_conf" 600
  if $changed; then sssd_changed=true; fi
  if ! $dry_run; then
    printf %s "$token" | hash_of >"$state/token"
  fi
}

# Where names come from: the directory after the machine's own files.
name_services() {
  awk '
    function with_sss(line) { return line ~ /[ \t]sss([ \t]|$)/ ? line : line " sss" }
    /^(passwd|group|shadow|sudoers):/ { seen[substr($0, 1, index($0, ":"))] = 1; sub(/[ \t]+$/, ""); print with_sss($0); next }
    { print }
    END {
      split("passwd: group: shadow: sudoers:", wanted, " ")
      for (i = 1; i in wanted; i++) if (!(wanted[i] in seen)) print wanted[i] " files sss"
    }' /etc/nsswitch.conf
}

missing_pam_profiles() {
  for profile in sss mkhomedir; do
    grep -qsx "Module: $profile" /var/lib/pam/auth /var/lib/pam/session || printf '%s ' "$profile"
  done
}

enable_pam_profiles() {
  profiles=$(missing_pam_profiles)
  profiles=${profiles% }
  if [ -z "$profiles" ]; then
    step unchanged 'PAM: the directory is asked for passwords, homes are made at the first login'
    return
  fi
  would enable "PAM profiles: $profiles (pam-auth-update)"
  if $dry_run; then return; fi
  say "$profiles" >>"$state/pam"
  # shellcheck disable=SC2086
  DEBIAN_FRONTEND=noninteractive pam-auth-update --enable $profiles
  [ -z "$(missing_pam_profiles)" ] || fail 'pam-auth-update does not touch /etc/pam.d/common-*, for somebody has edited them.' \
    'Enable sss and mkhomedir there by hand, or:  pam-auth-update --force --enable sss mkhomedir' 'Then run the same command again.'
}

place_sshd_settings() {
  if ! command -v sshd >/dev/null; then
    step skipped 'sshd: it is not installed'
    return
  fi
  drop_in=/etc/ssh/sshd_config.d/50-gatehouse.conf
  sshd_settings >"$work/new"
  place "$drop_in" 644
  sshd_changed=$changed
  if $dry_run || ! $changed; then return; fi
  grep -qiE '^[[:space:]]*Include[[:space:]].*sshd_config\.d' /etc/ssh/sshd_config ||
    warn "/etc/ssh/sshd_config does not include sshd_config.d: copy the lines of $drop_in into it."
  if ! sshd -t 2>"$work/sshd.log" && grep -q "$drop_in" "$work/sshd.log"; then
    cat "$work/sshd.log" >&2
    rm -f "$drop_in" "$state/ours$drop_in"
    fail 'sshd does not take its new settings, which were removed again.' 'See the lines above.'
  fi
}

runs_systemd() { [ -d /run/systemd/system ]; }
sssd_runs() { [ -f /run/sssd.pid ] && kill -0 "$(cat /run/sssd.pid)" 2>/dev/null; }
stop_sssd() {
  sssd_runs || return 0
  kill "$(cat /run/sssd.pid)"
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    if ! sssd_runs; then return; fi
    sleep 1
  done
  fail 'The SSSD that runs here does not stop.'
}

# SSSD starts its responders itself, as sssd.conf says; sockets that systemd holds for the same ones fail beside it at each start.
disable_sockets() {
  sockets=
  for responder in nss pam pam-priv ssh sudo; do
    if systemctl -q is-enabled "sssd-$responder.socket" 2>/dev/null; then sockets="$sockets sssd-$responder.socket"; fi
  done
  if [ -z "$sockets" ]; then return; fi
  would disable "sockets of systemd:$sockets"
  if $dry_run; then return; fi
  say "$sockets" >>"$state/sockets"
  # shellcheck disable=SC2086
  systemctl -q disable --now $sockets
  # shellcheck disable=SC2086
  systemctl reset-failed $sockets 2>/dev/null || true
}

start_services() {
  if runs_systemd; then
    if ! systemctl -q is-enabled sssd 2>/dev/null; then
      would enable 'service sssd'
      if ! $dry_run; then
        : >"$state/sssd-enabled"
        systemctl -q enable sssd
      fi
    fi
    disable_sockets
    if $sssd_changed || ! systemctl -q is-active sssd; then
      would restart 'service sssd'
      $dry_run || systemctl restart sssd || fail 'SSSD does not start.' 'See:  journalctl -u sssd'
    fi
    if $sshd_changed; then
      would reload 'service ssh'
      $dry_run || systemctl try-reload-or-restart ssh
    fi
  else
    # Without systemd SSSD is a daemon of its own: its init script in Debian asks for an option that it has no more.
    if $sssd_changed || ! sssd_runs; then
      would restart 'SSSD (sssd -D; there is no systemd, so see to it that it is started with the machine)'
      if ! $dry_run; then
        stop_sssd
        sssd -D >"$work/sssd.log" 2>&1 || fail 'SSSD does not start.' "$(cat "$work/sssd.log")" 'See:  /var/log/sssd/sssd.log'
      fi
    fi
    if $sshd_changed && [ -f /run/sshd.pid ]; then
      would reload 'sshd'
      $dry_run || kill -HUP "$(cat /run/sshd.pid)" 2>/dev/null || warn 'sshd was not reloaded.'
    fi
  fi
}

# The directory answers when it knows the container's owner.
await_directory() {
  for _ in 1 2 3 4 5 6 7 8 9 10; do
    if getent passwd "$owner" >/dev/null; then
      say "The directory answers. Try it:  ssh $owner@$(hostname)"
      return
    fi
    sleep 1
  done
  warn "SSSD knows nothing of $owner yet, the owner of this container. Unless that account is suspended, look into /var/log/sssd/sssd_gatehouse.log:"
  say '  a server that this machine cannot reach or whose name it does not know, or a firewall between.' >&2
}

main() {
  while [ $# -gt 0 ]; do
    case $1 in
      --dry-run) dry_run=true ;;
      --no-install) install=false ;;
      --help | -h) usage; exit ;;
      leave)
        shift
        [ -x "$leave" ] || fail 'This machine has not joined.'
        exec "$leave" "$@"
        ;;
      *) usage >&2; fail "There is no option $1." ;;
    esac
    shift
  done

  umask 022
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  trap 'exit 130' INT TERM HUP
  say "This machine ($(hostname)) joins the directory of $server as the container $container."
  if $dry_run; then say 'Nothing will be changed now.'; fi
  check_machine
  check_token
  install_packages
  $dry_run || make_state
  leave_script >"$work/new"
  place "$leave" 700
  authority >"$work/new"
  place /etc/sssd/gatehouse-ca.pem 644
  sssd_changed=$changed
  place_sssd_conf
  name_services >"$work/new"
  place /etc/nsswitch.conf 644
  enable_pam_profiles
  place_sshd_settings
  start_services
  if $dry_run; then return; fi
  await_directory
  say 'Joined. To undo it:  gatehouse-leave'
}

# At the end, so that a download that breaks off does nothing.
main "$@" </dev/null
