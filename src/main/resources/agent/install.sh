#!/bin/sh
# Makes this machine the gateway of a site of Gatehouse: nginx and dnsmasq do here what the cluster's layout says.
#
#   curl -fsS ADDRESS/agent/install | sh -s -- --site ID            as root; asks for the site's agent key
#   ... --key-file FILE          takes the key from a file; so does GATEHOUSE_AGENT_KEY in the environment
#   ... --ca FILE                the authority of the server's certificate, if the machine does not know it
#   ... --without-nginx, --without-dnsmasq                          leaves that to somebody else
#   ... --no-install             the packages are there already, or it fails
#   ... --no-start               installs, and starts nothing
#   ... --dry-run                tells what it would do, and changes nothing
#   gatehouse-agent uninstall    undoes it; afterwards on this machine
#
# It may be run again at any time; what was told before need not be told again. For Debian and Ubuntu; elsewhere with --no-install.
set -eu
umask 022

server=@SERVER@
etc=/etc/gatehouse-agent
agent=/usr/local/sbin/gatehouse-agent

agent_script() { cat <<'GATEHOUSE_END'
@AGENT@
GATEHOUSE_END
}

agent_unit() { cat <<'GATEHOUSE_END'
[Unit]
Description=Agent of Gatehouse: keeps nginx and dnsmasq as the site's layout says
Wants=network-online.target
After=network-online.target

[Service]
ExecStart=/usr/local/sbin/gatehouse-agent run
Restart=always
RestartSec=5
# nginx and dnsmasq have services of their own, and go on.
KillMode=control-group
ProtectHome=yes
PrivateTmp=yes

[Install]
WantedBy=multi-user.target
GATEHOUSE_END
}

dnsmasq_unit() { cat <<'GATEHOUSE_END'
[Unit]
Description=dnsmasq as Gatehouse's agent configures it
ConditionPathExists=/var/lib/gatehouse-agent/current/dnsmasq/conf
Conflicts=dnsmasq.service
After=network-online.target

[Service]
ExecStartPre=/bin/mkdir -p /run/gatehouse-agent
ExecStart=/usr/sbin/dnsmasq --keep-in-foreground --pid-file=/run/gatehouse-agent/dnsmasq.pid \
  --conf-file=/var/lib/gatehouse-agent/current/dnsmasq/conf --conf-dir=/var/lib/gatehouse-agent/current/dnsmasq/conf.d,*.conf \
  --addn-hosts=/var/lib/gatehouse-agent/current/dnsmasq/hosts --dhcp-hostsfile=/var/lib/gatehouse-agent/current/dnsmasq/dhcp-hosts \
  --dhcp-optsfile=/var/lib/gatehouse-agent/current/dnsmasq/dhcp-opts --servers-file=/var/lib/gatehouse-agent/current/dnsmasq/servers
ExecReload=/bin/kill -HUP $MAINPID
Restart=on-failure
RestartSec=2

[Install]
WantedBy=multi-user.target
GATEHOUSE_END
}

# nginx stays the distribution's service, with its logs and their rotation; only its configuration is another one.
nginx_drop_in() { cat <<'GATEHOUSE_END'
[Service]
ExecStartPre=
ExecStartPre=/usr/sbin/nginx -t -q -c /var/lib/gatehouse-agent/current/nginx/nginx.conf
ExecStart=
ExecStart=/usr/sbin/nginx -c /var/lib/gatehouse-agent/current/nginx/nginx.conf
ExecReload=
ExecReload=/bin/kill -HUP $MAINPID
Restart=on-failure
RestartSec=2
GATEHOUSE_END
}

dry_run=false
install=true
start=true
site=
key_file=
ca_file=
nginx=
dnsmasq=
work=

say() { printf '%s\n' "$*"; }
step() { printf '  %-10s %s\n' "$1" "$2"; }
would() { if $dry_run; then step "would $1" "$2"; else step "$1" "$2"; fi; }
warn() { printf 'Note: %s\n' "$*" >&2; }
fail() {
  printf 'gatehouse-agent: %s\n' "$1" >&2
  shift
  for line in "$@"; do printf '  %s\n' "$line" >&2; done
  exit 1
}
has_systemd() { [ -d /run/systemd/system ]; }
setting() { sed -n "s/^$1=//p" "$etc/config" 2>/dev/null | tail -n 1; }

packages() {
  printf 'curl tar'
  [ "$nginx" = no ] || printf ' nginx libnginx-mod-stream'
  [ "$dnsmasq" = no ] || printf ' dnsmasq-base'
}

missing_packages() {
  for package in $(packages); do
    dpkg-query -W -f '${Status}' "$package" 2>/dev/null | grep -q ' installed$' || printf '%s ' "$package"
  done
}

install_packages() {
  if ! command -v dpkg-query >/dev/null; then
    for program in curl tar flock sha256sum $([ "$nginx" = no ] || say nginx) $([ "$dnsmasq" = no ] || say dnsmasq); do
      command -v "$program" >/dev/null || fail "There is no $program here, and this is neither Debian nor Ubuntu." 'Install it by the means of this system, and run the same command again.'
    done
    return
  fi
  missing=$(missing_packages)
  missing=${missing% }
  if [ -z "$missing" ]; then
    step present "packages: $(packages)"
    return
  fi
  $install || fail "These packages are missing: $missing" 'Install them, or leave out --no-install.'
  would install "packages: $missing"
  if $dry_run; then return; fi
  # shellcheck disable=SC2086
  { DEBIAN_FRONTEND=noninteractive apt-get -qq update &&
    DEBIAN_FRONTEND=noninteractive apt-get -qq -y --no-install-recommends install $missing; } >"$work/apt.log" 2>&1 || {
    tail -n 15 "$work/apt.log" >&2
    fail 'The packages could not be installed; the lines above are of apt-get.' 'Nothing else was changed: repair apt, and run the same command again.'
  }
}

# place FILE MODE: what comes in by standard input becomes the file, unless it is that already; "changed" tells
place() {
  cat >"$work/new"
  if [ -f "$1" ] && cmp -s "$work/new" "$1"; then
    step unchanged "$1"
    return
  fi
  changed=true
  would write "$1"
  if $dry_run; then return; fi
  mkdir -p "$(dirname "$1")"
  (umask 077 && cp "$work/new" "$1.new")
  chmod "$2" "$1.new"
  mv -f "$1.new" "$1"
}

# The key, which is never an argument: whoever lists processes would see it.
read_key() {
  if [ -n "$key_file" ]; then
    [ -r "$key_file" ] || fail "There is no $key_file that could be read."
    head -n 1 "$key_file"
  elif [ -n "${GATEHOUSE_AGENT_KEY:-}" ]; then
    say "$GATEHOUSE_AGENT_KEY"
  elif [ -s "$etc/key" ]; then
    cat "$etc/key"
  elif $dry_run; then
    return
  elif (: </dev/tty) 2>/dev/null; then
    printf 'Agent key of the site (POST %s/api/v1/sites/%s/agent-keys): ' "$server" "$site" >/dev/tty
    stty -echo </dev/tty
    read -r key </dev/tty || key=
    stty echo </dev/tty
    printf '\n' >/dev/tty
    say "$key"
  fi
}

main() {
  while [ $# -gt 0 ]; do
    case $1 in
      --site) [ $# -gt 1 ] || fail '--site needs the number of a site.'; site=$2; shift ;;
      --key-file) [ $# -gt 1 ] || fail '--key-file needs a file.'; key_file=$2; shift ;;
      --ca) [ $# -gt 1 ] || fail '--ca needs a file.'; ca_file=$2; shift ;;
      --without-nginx) nginx=no ;;
      --without-dnsmasq) dnsmasq=no ;;
      --no-install) install=false ;;
      --no-start) start=false ;;
      --dry-run) dry_run=true ;;
      *) fail "There is no option $1." 'Options, behind "| sh -s --": --site ID, --key-file FILE, --ca FILE, --without-nginx, --without-dnsmasq, --no-install, --no-start, --dry-run.' ;;
    esac
    shift
  done
  $dry_run || [ "$(id -u)" = 0 ] || fail 'Only root can do this.' 'Put sudo before sh:  curl ... | sudo sh -s -- ...'
  site=${site:-$(setting SITE)}
  case $site in '' | *[!0-9]*) fail 'Which site? --site takes its number, the id of GET /api/v1/sites.' ;; esac
  [ -n "$nginx" ] || nginx=$(setting NGINX)
  [ -n "$dnsmasq" ] || dnsmasq=$(setting DNSMASQ)
  work=$(mktemp -d)
  trap 'rm -rf "$work"' EXIT
  trap 'exit 130' INT TERM HUP

  say "This machine ($(uname -n)) becomes a gateway of site $site of $server."
  if $dry_run; then say 'Nothing will be changed now.'; fi
  case $server in
    http://*) warn "$server is reached without TLS: whoever is on the way there can become root here." ;;
  esac
  install_packages
  key=$(read_key)
  case $key in
    agent-*) ;;
    '') $dry_run || fail 'The key of the site is needed.' "An administrator makes one: POST $server/api/v1/sites/$site/agent-keys" 'Give it by GATEHOUSE_AGENT_KEY, by --key-file, or when asked for it.' ;;
    *) fail 'This is no agent key: they begin with "agent-".' ;;
  esac

  changed=false
  agent_script | place "$agent" 755
  [ -z "$ca_file" ] || place "$etc/ca.pem" 644 <"$ca_file"
  printf 'SERVER=%s\nSITE=%s\nNGINX=%s\nDNSMASQ=%s\n' "$server" "$site" "${nginx:-yes}" "${dnsmasq:-yes}" | place "$etc/config" 644
  [ -z "$key" ] || say "$key" | place "$etc/key" 600
  if has_systemd; then
    agent_unit | place /etc/systemd/system/gatehouse-agent.service 644
    [ "$dnsmasq" = no ] || dnsmasq_unit | place /etc/systemd/system/gatehouse-dnsmasq.service 644
    [ "$nginx" = no ] || nginx_drop_in | place /etc/systemd/system/nginx.service.d/gatehouse-agent.conf 644
    would start 'service gatehouse-agent'
    if $dry_run || ! $start; then return; fi
    systemctl daemon-reload
    [ "$nginx" = no ] || systemctl -q enable nginx
    [ "$dnsmasq" = no ] || systemctl -q enable gatehouse-dnsmasq
    systemctl -q enable gatehouse-agent
    if $changed; then systemctl restart gatehouse-agent; else systemctl start gatehouse-agent; fi
    say 'Installed. What it does:  journalctl -fu gatehouse-agent'
  else
    warn "there is no systemd: see to it that '$agent run' is started with the machine."
    $dry_run || say "Installed. Try it:  $agent once"
  fi
}

# At the end, so that a download that breaks off does nothing.
main "$@" </dev/null
