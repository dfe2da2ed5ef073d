#!/bin/sh
# gatehouse-leave: undoes what joining the directory has changed on this machine.
#
#   gatehouse-leave                      restores the files, stops SSSD if it did not run before
#   gatehouse-leave --remove-account     also removes this machine's account from the directory
#   gatehouse-leave --dry-run            tells what it would do, and changes nothing
set -eu

server=@SERVER@
state=/var/lib/gatehouse-join
sssd_conf=/etc/sssd/sssd.conf
own_path=/usr/local/sbin/gatehouse-leave
dry_run=false
remove_account=false
kept=false

say() { printf '%s\n' "$*"; }
step() { if $dry_run; then printf '  would %-8s %s\n' "$1" "$2"; else printf '  %-8s %s\n' "$1" "$2"; fi; }
warn() { printf 'Note: %s\n' "$*" >&2; }
fail() { printf 'gatehouse-leave: %s\n' "$*" >&2; exit 1; }

forget_account() {
  password=$(sed -n 's/^ldap_default_authtok = //p' "$sssd_conf" 2>/dev/null) || password=
  if [ -z "$password" ]; then
    warn "there is no account in $sssd_conf; remove it by DELETE $server/api/v1/containers/ID/machine-account."
    return
  fi
  step remove "this machine's account from the directory of $server"
  if $dry_run; then return; fi
  status=$(printf '{"password":"%s"}' "$password" | curl -sS --max-time 60 -o /dev/null -w '%{http_code}' \
    -H 'Content-Type: application/json' --data-binary @- "$server/join/leave") || status=none
  case $status in
    204) ;;
    404) say '           it was gone already' ;;
    *) fail "$server did not remove the account (answer: $status); nothing was changed here. Try again later, or without --remove-account." ;;
  esac
}

# give_back FILE: as it was before, unless somebody has changed it since.
give_back() {
  if [ -e "$1" ] && [ "$(sha256sum <"$1" | cut -d ' ' -f 1)" != "$(cat "$state/ours$1")" ]; then
    warn "$1 was changed since, and stays as it is.$([ ! -e "$state/saved$1" ] || printf ' What was there before is in %s.' "$state/saved$1")"
    kept=true
  elif [ -e "$state/saved$1" ]; then
    step restore "$1"
    $dry_run || { cp -p "$state/saved$1" "$1.before" && mv -f "$1.before" "$1"; }
  elif [ -e "$1" ]; then
    step remove "$1"
    $dry_run || rm -f "$1"
  fi
}

services() {
  if [ -d /run/systemd/system ]; then
    if [ -e "$state/saved$sssd_conf" ]; then systemctl restart sssd; else systemctl stop sssd; fi
    [ ! -e "$state/sssd-enabled" ] || systemctl -q disable sssd
    # shellcheck disable=SC2046
    [ ! -s "$state/sockets" ] || systemctl -q enable $(tr '\n' ' ' <"$state/sockets")
    systemctl try-reload-or-restart ssh
  else
    if [ -f /run/sssd.pid ] && kill "$(cat /run/sssd.pid)"; then
      while kill -0 "$(cat /run/sssd.pid)"; do sleep 1; done
      [ ! -e "$state/saved$sssd_conf" ] || sssd -D
    fi
    [ ! -f /run/sshd.pid ] || kill -HUP "$(cat /run/sshd.pid)"
  fi
}

main() {
  while [ $# -gt 0 ]; do
    case $1 in
      --dry-run) dry_run=true ;;
      --remove-account) remove_account=true ;;
      *) sed -n 's/^#   //p' "$own_path"; exit 2 ;;
    esac
    shift
  done
  [ "$(id -u)" = 0 ] || fail 'Only root can do this.'
  [ -d "$state/ours" ] || fail "This machine has not joined: there is no $state."

  if $remove_account; then forget_account; fi
  for file in $(cd "$state/ours" && find . -type f | sort); do give_back "${file#.}"; done
  if [ -s "$state/pam" ]; then
    profiles=$(sort -u "$state/pam" | tr '\n' ' ')
    step disable "PAM profiles: $profiles"
    # shellcheck disable=SC2086
    $dry_run || DEBIAN_FRONTEND=noninteractive pam-auth-update --disable $profiles
  fi
  step stop 'SSSD, unless it ran with a configuration of its own before; what it kept of the directory is removed'
  if ! $dry_run; then
    services >/dev/null 2>&1 || warn 'not every service could be stopped or reloaded.'
    rm -f /var/lib/sss/db/*_gatehouse.ldb
  fi
  if [ -s "$state/packages" ]; then
    say "The packages stay. To remove those that came with joining:  apt-get remove $(tr '\n' ' ' <"$state/packages")"
  fi
  if $dry_run; then return; fi
  $kept || rm -rf "$state"
  say 'This machine has left the directory.'
  $remove_account || say "Its account there is still good: gatehouse-leave --remove-account would have removed it, and DELETE $server/api/v1/containers/ID/machine-account does."
}

main "$@" </dev/null
