#!/bin/sh
# gatehouse-agent: keeps nginx and dnsmasq of this machine as Gatehouse says.
#
#   gatehouse-agent run                   for ever; what the service gatehouse-agent does
#   gatehouse-agent once                  pulls and applies once, tells what came of it, and ends
#   gatehouse-agent status                tells what is applied and what is left out
#   gatehouse-agent uninstall             removes the agent and its configuration; --dry-run tells what it would do
#
# The server, the site and what runs here are in /etc/gatehouse-agent/config, the key in /etc/gatehouse-agent/key. What is
# applied is a folder below /var/lib/gatehouse-agent/generations, to which /var/lib/gatehouse-agent/current leads.
set -u
umask 022
LC_ALL=C
export LC_ALL
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export PATH

version=1
etc=/etc/gatehouse-agent
state=/var/lib/gatehouse-agent
current=$state/current
work=/run/gatehouse-agent
nginx_pid=/run/nginx.pid
nginx_log=/var/log/nginx/error.log
dnsmasq_pid=/run/gatehouse-agent/dnsmasq.pid
tab=$(printf '\t')

wait_seconds=30
check_in_seconds=60
longest_pause=300

child=
applied=
result=applied
nginx_error=
dnsmasq_error=
pause=0
retry_at=0
checked_in_at=0
told=
inspected=none
compressed=

say() { printf '%s\n' "$*"; }
warn() { printf 'gatehouse-agent: %s\n' "$*" >&2; }
fail() { warn "$*"; exit 1; }
now() { date +%s; }
setting() { sed -n "s/^$1=//p" "$etc/config" | tail -n 1; }
has_systemd() { [ -d /run/systemd/system ]; }
hash_of() { sha256sum | cut -d ' ' -f 1; }

# nap SECONDS: a signal ends it at once
nap() { sleep "$1" & child=$!; wait "$child"; child=; }

# request OUTPUT CURL_ARGUMENTS...: the status, or 000. The key is told by a pipe, so that no list of processes shows it.
request() {
  output=$1
  shift
  { printf 'header = "Authorization: Bearer %s"\n' "$(cat "$etc/key")"
    [ ! -f "$etc/ca.pem" ] || printf 'cacert = "%s"\n' "$etc/ca.pem"
  } | curl -K - -sS --connect-timeout 10 --max-filesize 67108864 -A "gatehouse-agent/$version" -D "$work/headers" -o "$output" \
    -w '%{http_code}' "$@" >"$work/status" 2>"$work/curl.log" 9>&- &
  child=$!
  wait "$child" || echo 000 >"$work/status"
  child=
  cat "$work/status"
}

# --- what the machine is ----------------------------------------------------------------------------------------------

runs_nginx_here() { [ "$(setting NGINX)" != no ]; }
runs_dnsmasq_here() { [ "$(setting DNSMASQ)" != no ]; }
has_ipv6() { [ -s /proc/net/if_inet6 ]; }
# inspect: what is installed now, if that is not what was found last time
inspect() {
  found=$(ls -lLi "$(command -v nginx)" "$(command -v dnsmasq)" 2>/dev/null)
  if [ "$found" = "$inspected" ]; then return; fi
  inspected=$found
  nginx_build= nginx_version= dnsmasq_version=
  if runs_nginx_here; then
    nginx_build=$(nginx -V 2>&1)
    nginx_version=$(say "$nginx_build" | sed -n 's,^nginx version: [^/]*/\([0-9.]*\).*,\1,p')
  fi
  if runs_dnsmasq_here; then dnsmasq_version=$(dnsmasq --version 2>/dev/null | sed -n '1s/.*version \([^ ]*\).*/\1/p'); fi
}
# at_least VERSION WANTED
at_least() { printf '%s\n' "$2" "$1" | sort -t . -k 1,1n -k 2,2n -k 3,3n -c 2>/dev/null; }

nginx_user() {
  for user in www-data nginx http nobody; do
    if id "$user" >/dev/null 2>&1; then say "$user"; return; fi
  done
}

# stream_module: how nginx comes to know the context "stream"; fails if it cannot
stream_module() {
  case " $nginx_build " in
    *' --with-stream '*) return ;;
  esac
  if grep -qs ngx_stream_module /etc/nginx/modules-enabled/*.conf; then return; fi
  for file in /usr/lib/nginx/modules/ngx_stream_module.so /usr/lib64/nginx/modules/ngx_stream_module.so; do
    if [ -f "$file" ]; then say "load_module $file;"; return; fi
  done
  return 1
}

# listen PORT PARAMETERS...: for each family that the kernel has
listen() {
  port=$1
  shift
  say "listen $port${*:+ $*};"
  if has_ipv6; then say "listen [::]:$port${*:+ $*};"; fi
}

# listen_https [default_server]
listen_https() {
  if at_least "$nginx_version" 1.25.1; then
    listen 443 ssl "$@"
    say 'http2 on;'
  else
    listen 443 ssl http2 "$@"
  fi
  case $nginx_build in
    *--with-http_v3_module*)
      # The address is opened once, by the default server.
      if [ $# -gt 0 ]; then listen 443 quic reuseport "$@"; else listen 443 quic; fi
      say 'http3 on;'
      say "add_header Alt-Svc 'h3=\":443\"; ma=86400' always;"
      ;;
  esac
}

# --- a generation: what is pulled, made to suit this machine -----------------------------------------------------------

# omit WHAT REASON: takes down that it is not in service
omit() {
  warn "left out: $1: $2"
  case $1 in
    dnsmasq/*) printf '%s\t%s\n' "$1" "$2" >>"$new/dnsmasq/left-out" ;;
    *) printf '%s\t%s\n' "$1" "$2" >>"$new/nginx/left-out" ;;
  esac
}
left_out() { cat "$1/nginx/left-out" "$1/dnsmasq/left-out" 2>/dev/null; }

# unpack ARCHIVE: into $new, if it holds nothing but files at the places where they belong
unpack() {
  tar -tvf "$1" 2>/dev/null | grep -q '^[^-]' && return 1
  tar -tf "$1" >"$work/names" 2>/dev/null || return 1
  grep -qvE '^(nginx|dnsmasq|sssd)(/[a-z0-9-]+(\.[a-z0-9-]+)*)+$' "$work/names" && return 1
  tar -xof "$1" -C "$new" 2>"$work/tar.log" && [ -f "$new/nginx/nginx.conf" ] && [ -f "$new/dnsmasq/conf" ]
}

adapt_nginx() {
  local_conf=$new/nginx/local
  mkdir -p "$local_conf" "$new/nginx/http" "$new/nginx/stream" "$new/nginx/unavailable" "$new/nginx/domains"
  {
    if [ -d /etc/nginx/modules-enabled ]; then say 'include /etc/nginx/modules-enabled/*.conf;'; fi
    stream_module || true
    say "user $(nginx_user);"
    say "pid $nginx_pid;"
    say "error_log $nginx_log notice;"
  } >"$local_conf/main.conf"
  {
    say 'access_log /var/log/nginx/access.log;'
    say "include $etc/http.d/*.conf;"
    say 'include local/running.conf;'
  } >"$local_conf/http.conf"
  listen 80 >"$local_conf/listen-http.conf"
  listen 80 default_server >"$local_conf/listen-http-default.conf"
  listen_https >"$local_conf/listen-https.conf"
  listen_https default_server >"$local_conf/listen-https-default.conf"
  if ! has_ipv6; then
    for file in "$new"/nginx/stream/*.conf; do
      [ ! -f "$file" ] || sed -i '/^ *listen \[::\]/d' "$file"
    done
  fi
  if ! stream_module >/dev/null; then
    for file in "$new"/nginx/stream/*.conf; do
      [ ! -f "$file" ] || omit "nginx/stream/${file##*/}" 'this nginx has no module for TCP and UDP services (libnginx-mod-stream)'
    done
    rm -f "$new/nginx/stream.conf"
  fi
}

# leaf_hash FILE: the SHA-256 of its first certificate
leaf_hash() { awk '/^-----BEGIN CERTIFICATE/ { inside = 1; next } /^-----END CERTIFICATE/ { exit } inside' "$1" | base64 -d 2>/dev/null | hash_of; }

# fetch_certificate ID: into the store, unless it is there
fetch_certificate() {
  store=$state/certificates/$1.pem
  [ ! -f "$store" ] || return 0
  status=$(umask 077 && request "$work/certificate" --max-time 30 "$(setting SERVER)/api/v1/sites/$(setting SITE)/certificates/$1")
  reason="the server answered $status"
  if [ "$status" = 200 ]; then
    if [ "$(leaf_hash "$work/certificate")" = "$1" ] && grep -q '^-----BEGIN .*PRIVATE KEY' "$work/certificate"; then
      chmod 600 "$work/certificate"
      cp "$work/certificate" "$store.new" && chmod 600 "$store.new" && mv -f "$store.new" "$store"
      rm -f "$work/certificate"
      return 0
    fi
    reason='what the server answered is not this certificate with its key'
  fi
  rm -f "$work/certificate"
  return 1
}

# without_certificate DOMAIN_ID
without_certificate() { printf 'include local/no-certificate.conf;\n' >"$new/nginx/domains/$1.conf"; }

# The list of certificates, "DOMAIN_ID CERTIFICATE_ID DOMAIN" a line, gives way to the folder of the same name.
place_certificates() {
  mkdir -p "$state/certificates"
  chmod 700 "$state/certificates"
  list=$new/nginx/certificate-list
  : >"$list"
  if [ -f "$new/nginx/certificates" ]; then
    grep -E '^[0-9]+ [0-9a-f]{64} [a-z0-9.-]+$' "$new/nginx/certificates" >"$list" || true
    rm -f "$new/nginx/certificates"
  fi
  ln -s "$state/certificates" "$new/nginx/certificates"
  : >"$work/usable"
  while read -r domain_id certificate domain; do
    if fetch_certificate "$certificate"; then
      say "$domain $certificate" >>"$work/usable"
    else
      without_certificate "$domain_id"
      omit "certificate of $domain" "$reason"
    fi
  done <"$list"
  stream_certificates
}

# For TCP services with TLS: certificate and key by the name that the client asks for; the first for those who ask for none.
stream_certificates() {
  [ -s "$work/usable" ] || return 0
  (
    umask 077
    {
      say 'map_hash_bucket_size 256;'
      for part in certificate key; do
        say "map \$ssl_server_name \$gatehouse_$part {"
        say '    hostnames;'
        first=default
        while read -r domain certificate; do
          for name in $first "$domain" "*.$domain"; do
            printf '    %s "' "$name"
            if [ "$part" = certificate ]; then
              sed -n '/^-----BEGIN CERTIFICATE/,/^-----END CERTIFICATE/p' "$state/certificates/$certificate.pem"
            else
              sed -n '/^-----BEGIN .*PRIVATE KEY/,/^-----END .*PRIVATE KEY/p' "$state/certificates/$certificate.pem"
            fi
            say '";'
          done
          first=
        done <"$work/usable"
        say '}'
      done
    } >"$new/nginx/local/stream.conf"
  )
}

# --- what nginx and dnsmasq say of it -----------------------------------------------------------------------------------

test_nginx() { nginx -t -q -c "$new/nginx/nginx.conf" >"$work/nginx.log" 2>&1 9>&-; }
nginx_said() {
  grep -v '\[notice\]\|\[warn\]\|test failed$' "$work/nginx.log" |
    sed "s,^[0-9/]* [0-9:]* \(\[[a-z]*\]\) [0-9#]*: ,nginx: \1 ,; s,$new/,,g" | head -c 4000
}
# The first line of it, as a reason.
nginx_reason() { nginx_said | sed -n '1s/^nginx: \[[a-z]*\] //p' | tr '\t' ' '; }

# leave_out FILE REASON: a file of services gives way to one that says so, or to none; fails if it is not such a file
leave_out() {
  case $1 in
    nginx/http/*.conf)
      instead=$new/nginx/unavailable/${1##*/}
      if [ -f "$instead" ] && ! cmp -s "$instead" "$new/$1"; then cp "$instead" "$new/$1"; else rm -f "$new/$1"; fi
      ;;
    nginx/domains/*.conf)
      id=${1##*/}
      grep -qx 'include local/no-certificate.conf;' "$new/$1" && return 1
      without_certificate "${id%.conf}"
      ;;
    nginx/stream/*.conf | dnsmasq/conf.d/*.conf) rm -f "$new/$1" ;;
    *) return 1 ;;
  esac
  omit "$1" "$2"
}

# blamed: the file of this generation that nginx names in its error
blamed() { sed -n "s,.*\[emerg\].* in $new/\([^ :]*\):[0-9]*\$,\1,p" "$work/nginx.log" | head -n 1; }

# A certificate that nginx cannot load is named by its path, and its domains go without.
blamed_certificate() {
  certificate=$(sed -n 's,.*\[emerg\].*/certificates/\([0-9a-f]*\)\.pem.*,\1,p' "$work/nginx.log" | head -n 1)
  [ -n "$certificate" ] || return 1
  reason=$(nginx_reason)
  rm -f "$state/certificates/$certificate.pem"
  while read -r domain_id id domain; do
    if [ "$id" = "$certificate" ]; then
      without_certificate "$domain_id"
      omit "certificate of $domain" "$reason"
    fi
  done <"$new/nginx/certificate-list"
  sed -i "/ $certificate\$/d" "$work/usable"
  stream_certificates
}

# admit LIST: puts the files of the list back as far as nginx takes them, halving what it does not
admit() {
  ( cd "$work/aside" && tar -cf - -T "$1" ) | ( cd "$new" && tar -xf - )
  test_nginx && return
  reason=$(nginx_reason)
  while read -r file; do rm -f "$new/$file"; done <"$1"
  count=$(wc -l <"$1")
  if [ "$count" -eq 1 ]; then
    file=$(cat "$1")
    if [ -f "$new/nginx/unavailable/${file##*/}" ] && [ "${file%/*}" = nginx/http ]; then
      cp "$new/nginx/unavailable/${file##*/}" "$new/$file"
      test_nginx || rm -f "$new/$file"
    fi
    omit "$file" "$reason"
    return
  fi
  half=$((count / 2))
  head -n "$half" "$1" >"$1.1"
  tail -n "+$((half + 1))" "$1" >"$1.2"
  admit "$1.1"
  admit "$1.2"
}

# Where nginx names no file, each has to show that it is none of theirs.
sort_out() {
  rm -rf "$work/aside"
  mkdir -p "$work/aside/nginx/http" "$work/aside/nginx/stream"
  ( cd "$new" && find nginx/http nginx/stream -type f -name '*.conf' | sort ) >"$work/list"
  [ -s "$work/list" ] || return 1
  while read -r file; do mv "$new/$file" "$work/aside/$file"; done <"$work/list"
  test_nginx || return 1
  admit "$work/list"
  rm -rf "$work/aside" "$work"/list*
  test_nginx
}

# taken PROTOCOL PORT: whether a program listens there
taken() {
  wanted=$(printf '%04X' "$2")
  state_wanted=0A
  [ "$1" = tcp ] || state_wanted=07
  cat "/proc/net/$1" "/proc/net/${1}6" 2>/dev/null |
    awk -v port=":$wanted" -v state="$state_wanted" '$4 == state && substr($2, length($2) - 4) == port { found = 1 } END { exit !found }'
}

# A port that another program has would keep nginx from all that is new, and nginx -t does not see it.
free_ports_only() {
  for file in "$new"/nginx/stream/*.conf; do
    [ -f "$file" ] || continue
    name=${file##*/}
    if nginx_is_ours && [ -f "$current/nginx/stream/$name" ]; then continue; fi
    port=${name#*-}
    if taken "${name%%-*}" "${port%.conf}"; then
      leave_out "nginx/stream/$name" "another program has port ${port%.conf}/${name%%-*} on this machine"
    fi
  done
}

# A client could shake hands with none of these.
without_tls() {
  if [ -s "$work/usable" ]; then return; fi
  for file in "$new"/nginx/stream/*.conf; do
    if grep -qs gatehouse_certificate "$file"; then
      leave_out "nginx/stream/${file##*/}" 'it speaks TLS, and no domain of the site has a certificate'
    fi
  done
}

# make_nginx: the nginx part of $new until nginx takes it; fails if it never does
make_nginx() {
  adapt_nginx
  place_certificates
  without_tls
  free_ports_only
  : >"$new/nginx/local/running.conf"
  attempts=0
  until test_nginx; do
    attempts=$((attempts + 1))
    if [ "$attempts" -gt 300 ]; then return 1; fi
    file=$(blamed)
    if [ -n "$file" ]; then
      leave_out "$file" "$(nginx_reason)" || { sort_out && break; return 1; }
    else
      blamed_certificate || { sort_out && break; return 1; }
    fi
  done
  running_hash=$(content_hash "$new/nginx")
  cat >"$new/nginx/local/running.conf" <<END
server {
    include local/listen-http.conf;
    server_name gatehouse-agent.invalid;
    access_log off;
    if (\$remote_addr != 127.0.0.1) {
        return 404;
    }
    location / {
        default_type text/plain;
        return 200 $running_hash;
    }
}
END
}

dnsmasq_options() {
  printf '%s\n' "--conf-file=$1/dnsmasq/conf" "--conf-dir=$1/dnsmasq/conf.d,*.conf" "--addn-hosts=$1/dnsmasq/hosts" \
    "--dhcp-hostsfile=$1/dnsmasq/dhcp-hosts" "--dhcp-optsfile=$1/dnsmasq/dhcp-opts" "--servers-file=$1/dnsmasq/servers"
}

test_dnsmasq() {
  # shellcheck disable=SC2046
  dnsmasq --test $(dnsmasq_options "$new") >"$work/dnsmasq.log" 2>&1 9>&-
}

make_dnsmasq() {
  mkdir -p "$new/dnsmasq/conf.d"
  # What this machine adds, such as interface=br0, is an option of a file of its own.
  if [ -f "$etc/dnsmasq.conf" ]; then cp "$etc/dnsmasq.conf" "$new/dnsmasq/conf.d/local.conf"; fi
  attempts=0
  until test_dnsmasq; do
    attempts=$((attempts + 1))
    if [ "$attempts" -gt 300 ]; then return 1; fi
    file=$(sed -n "s,.*at line [0-9]* of $new/\([^ ]*\)\$,\1,p" "$work/dnsmasq.log" | head -n 1)
    [ -n "$file" ] || return 1
    leave_out "$file" "$(sed -n "s,$new/,,; s/^dnsmasq: //p" "$work/dnsmasq.log" | head -n 1)" || return 1
  done
}
dnsmasq_said() { sed "s,$new/,,g" "$work/dnsmasq.log" | head -c 4000; }

# content_hash FOLDER FILES...: of what is in it, whatever its own name is
content_hash() { ( cd "$1" && shift && find "${@:-.}" -type f ! -path './local/running.conf' ! -name left-out 2>/dev/null | sort | xargs sha256sum | hash_of ); }

# --- the programs -----------------------------------------------------------------------------------------------------

alive() { [ -s "$1" ] && kill -0 "$(cat "$1")" 2>/dev/null; }
command_of() { tr '\0' ' ' <"/proc/$(cat "$1")/cmdline" 2>/dev/null; }
nginx_is_ours() {
  alive "$nginx_pid" || return 1
  case $(command_of "$nginx_pid") in *"$current/nginx/"*) ;; *) return 1 ;; esac
}
running_nginx() { curl -s --noproxy '*' --max-time 2 -H 'Host: gatehouse-agent.invalid' http://127.0.0.1/ 9>&-; }

# expect_nginx: waits until nginx works with what $current says
expect_nginx() {
  wanted=$(sed -n 's/.*return 200 \([0-9a-f]*\);/\1/p' "$current/nginx/local/running.conf")
  tries=0
  until [ "$(running_nginx)" = "$wanted" ]; do
    tries=$((tries + 1))
    if [ "$tries" -gt 50 ]; then return 1; fi
    sleep 0.2 9>&-
  done
}

# keep_nginx: nginx works with $current; fails, and tells why in $work/nginx.log, if it does not
keep_nginx() {
  [ -f "$current/nginx/local/running.conf" ] || return 0
  lines=$(wc -l <"$nginx_log" 2>/dev/null) || lines=0
  : >"$work/nginx.log"
  if nginx_is_ours; then
    if [ "$(running_nginx)" = "$(sed -n 's/.*return 200 \([0-9a-f]*\);/\1/p' "$current/nginx/local/running.conf")" ]; then return 0; fi
    kill -HUP "$(cat "$nginx_pid")"
  elif has_systemd; then
    systemctl restart nginx >"$work/nginx.log" 2>&1 9>&- || { journalctl -u nginx -n 5 -o cat >>"$work/nginx.log" 2>&1; return 1; }
  elif alive "$nginx_pid"; then
    say "another nginx runs here, process $(cat "$nginx_pid"); stop it" >"$work/nginx.log"
    return 1
  else
    nginx -c "$current/nginx/nginx.conf" >"$work/nginx.log" 2>&1 9>&- || return 1
  fi
  expect_nginx && return
  tail -n "+$((lines + 1))" "$nginx_log" 2>/dev/null | sed -n 's/^.*\[\(emerg\|alert\|crit\)\] [0-9#]*: /nginx: [\1] /p' | sort -u | head -n 20 >"$work/nginx.log"
  [ -s "$work/nginx.log" ] || say 'nginx does not work with its new configuration, and does not say why' >"$work/nginx.log"
  return 1
}

dnsmasq_runs() {
  alive "$dnsmasq_pid" || return 1
  case $(command_of "$dnsmasq_pid") in *dnsmasq*"$current/dnsmasq/"*) ;; *) return 1 ;; esac
}

stop_dnsmasq() {
  dnsmasq_runs || return 0
  pid=$(cat "$dnsmasq_pid")
  kill "$pid"
  tries=0
  while kill -0 "$pid" 2>/dev/null && [ "$tries" -lt 50 ]; do
    tries=$((tries + 1))
    sleep 0.1 9>&-
  done
}

keep_dnsmasq() {
  [ -f "$current/dnsmasq/conf" ] || return 0
  fixed=$(content_hash "$current/dnsmasq" ./conf ./conf.d)
  loose=$(content_hash "$current/dnsmasq" ./hosts ./dhcp-hosts ./dhcp-opts ./servers)
  : >"$work/dnsmasq.log"
  if ! dnsmasq_runs || [ "$fixed" != "$(cat "$work/dnsmasq-fixed" 2>/dev/null)" ]; then
    if has_systemd; then
      systemctl restart gatehouse-dnsmasq >"$work/dnsmasq.log" 2>&1 9>&- || { journalctl -u gatehouse-dnsmasq -n 5 -o cat >>"$work/dnsmasq.log" 2>&1; return 1; }
    else
      stop_dnsmasq
      # shellcheck disable=SC2046
      dnsmasq --pid-file="$dnsmasq_pid" $(dnsmasq_options "$current") >"$work/dnsmasq.log" 2>&1 9>&- || return 1
    fi
  elif [ "$loose" != "$(cat "$work/dnsmasq-loose" 2>/dev/null)" ]; then
    kill -HUP "$(cat "$dnsmasq_pid")"
  fi
  say "$fixed" >"$work/dnsmasq-fixed"
  say "$loose" >"$work/dnsmasq-loose"
}

# switch_to GENERATION: from one moment to the next
switch_to() {
  ln -sfn "generations/${1##*/}" "$state/current.new" && mv -fT "$state/current.new" "$current"
}

# write_manifest GENERATION: the hashes of its files, last of all
write_manifest() {
  ( cd "$1" && find . -type f ! -name manifest ! -name bundle-hash | sort | xargs sha256sum >manifest )
}

# part_of_old PART: what is in service stays so
part_of_old() {
  rm -rf "${new:?}/$1"
  if [ -d "$current/$1" ]; then cp -a "$current/$1" "$new/$1"; fi
}

# apply: the bundle that was pulled. Each of the two programs goes on with what it had if it cannot do with what is new.
apply() {
  new=$(mktemp -d "$state/generations/XXXXXXXX") && chmod 755 "$new" || return 1
  result=applied nginx_error='' dnsmasq_error=''
  nginx_failed=false dnsmasq_failed=false
  if ! unpack "$state/bundle"; then
    rm -rf "$new"
    result=failed nginx_error='what the server sent is no archive of files of a gateway'
    return
  fi
  inspect
  # What the server left out has a colon where the agent has a tab.
  for part in nginx dnsmasq; do
    if [ -f "$new/$part/left-out" ]; then sed -i "s/: /$tab/" "$new/$part/left-out"; else : >"$new/$part/left-out"; fi
  done
  server_left_out=$(left_out "$new" | wc -l)
  if runs_nginx_here && ! make_nginx; then
    nginx_failed=true nginx_error=$(nginx_said)
    part_of_old nginx
  fi
  if runs_dnsmasq_here && ! make_dnsmasq; then
    dnsmasq_failed=true dnsmasq_error=$(dnsmasq_said)
    part_of_old dnsmasq
  fi
  old=$(readlink "$current" 2>/dev/null)
  switch_to "$new"
  if runs_nginx_here && ! keep_nginx; then
    nginx_error=$(nginx_said)
    back_to_old nginx && keep_nginx
    nginx_failed=true
  fi
  if runs_dnsmasq_here && ! keep_dnsmasq; then
    dnsmasq_error=$(dnsmasq_said)
    back_to_old dnsmasq && keep_dnsmasq
    dnsmasq_failed=true
  fi
  if $nginx_failed || $dnsmasq_failed; then result=failed; else applied=$(hash_of <"$state/bundle"); fi
  write_manifest "$new"
  say "$applied" >"$new/bundle-hash"
  agent_left_out=$(($(left_out "$new" | wc -l) - server_left_out))
  tidy
  # Whatever the disk does not have when the power fails, the manifest tells at the next start.
  sync 9>&- &
}

# back_to_old PART: of the generation that was in service before
back_to_old() {
  [ -n "$old" ] && [ -d "$state/$old/$1" ] || return 1
  mixed=$new-back
  rm -rf "$mixed"
  cp -a "$new" "$mixed"
  rm -rf "${mixed:?}/$1"
  cp -a "$state/$old/$1" "$mixed/$1"
  switch_to "$mixed"
  new=$mixed
}

# Only what is in service is kept, and the certificates that it names.
tidy() {
  keep=$(readlink "$current" 2>/dev/null)
  for folder in "$state"/generations/*; do
    case $folder in "$state/$keep") ;; *) rm -rf "$folder" ;; esac
  done
  for file in "$state"/certificates/*.pem; do
    id=${file##*/}
    if [ -f "$file" ] && ! grep -qsF " ${id%.pem} " "$current/nginx/certificate-list"; then rm -f "$file"; fi
  done
}

# whole: what is in service is as it was written
whole() { [ -f "$current/manifest" ] && ( cd "$current/" && sha256sum -c --status manifest 2>/dev/null ); }

# --- the server -------------------------------------------------------------------------------------------------------

# pull SECONDS: 0 if there is another bundle, 1 if not, 2 if the server could not be asked
pull() {
  known=$(cat "$state/bundle-hash" 2>/dev/null)
  asked_at=$(now)
  if [ -n "$known" ] && [ "$1" -gt 0 ]; then
    status=$(request "$work/bundle" $compressed --max-time $(($1 + 30)) -H "If-None-Match: \"$known\"" -H "Prefer: wait=$1" "$url/bundle")
  else
    status=$(request "$work/bundle" $compressed --max-time 60 -H "If-None-Match: \"$known\"" "$url/bundle")
  fi
  case $status in
    200) ;;
    304) server_error=; return 1 ;;
    401 | 403) server_error="the server does not take this agent's key any more (answer $status)"; return 2 ;;
    000) server_error="the server cannot be reached: $(head -n 1 "$work/curl.log")"; return 2 ;;
    *) server_error="the server answered $status"; return 2 ;;
  esac
  tag=$(tr -d '\r' <"$work/headers" | sed -n 's,^[Ee][Tt][Aa][Gg]: *\(W/\)*"\([0-9a-f]\{64\}\)".*,\2,p' | tail -n 1)
  if [ "$(hash_of <"$work/bundle")" != "$tag" ]; then
    server_error='what the server answered is not whole, or not of Gatehouse'
    return 2
  fi
  server_error=
  if [ "$tag" = "$known" ]; then return 1; fi
  rm -f "$state/bundle-hash"
  cp "$work/bundle" "$state/bundle.new" && mv -f "$state/bundle.new" "$state/bundle" && say "$tag" >"$state/bundle-hash"
}

json_text() {
  head -c 4000 | tr '\200-\377\t' '? ' | tr -d '\000-\010\013-\037\177' |
    awk 'BEGIN { ORS = ""; print "\"" } { gsub(/["\\]/, "\\\\&"); if (NR > 1) print "\\n"; print } END { print "\"" }'
}
json_or_null() { if [ -n "$1" ]; then printf '%s' "$1" | json_text; else printf null; fi; }

check_in() {
  {
    printf '{"host":%s,"agentVersion":%s,"result":"%s"' "$(uname -n | json_text)" "$(printf %s "$version" | json_text)" "$result"
    if runs_nginx_here; then printf ',"nginxVersion":%s' "$(json_or_null "$nginx_version")"; fi
    if runs_dnsmasq_here; then printf ',"dnsmasqVersion":%s' "$(json_or_null "$dnsmasq_version")"; fi
    printf ',"applied":%s,"nginxError":%s,"dnsmasqError":%s,"leftOut":[' \
      "$(json_or_null "$applied")" "$(json_or_null "$nginx_error")" "$(json_or_null "$dnsmasq_error")"
    comma=
    if [ -d "$current/" ]; then
      left_out "$current" | head -n 200 | while IFS="$tab" read -r what reason; do
        printf '%s{"what":%s,"reason":%s}' "$comma" "$(printf %s "$what" | json_text)" "$(printf '%s' "${reason:-?}" | json_text)"
        comma=,
      done
    fi
    printf ']}'
  } >"$work/check-in"
  status=$(request /dev/null --max-time 30 -H 'Content-Type: application/json' --data-binary "@$work/check-in" "$url/agents/checkin")
  checked_in_at=$(now)
  [ "$status" = 204 ] || { server_error="the server did not take what this agent told (answer $status)"; return 1; }
}

# tell TEXT: once
tell() {
  if [ "$1" != "$told" ]; then
    told=$1
    [ -z "$1" ] || warn "$1"
  fi
}

# longer: each pause is twice the one before, and some more, so that agents do not come all at once
longer() {
  pause=$((pause == 0 ? 2 : pause * 2))
  if [ "$pause" -gt "$1" ]; then pause=$1; fi
  pause=$((pause + $(awk -v pid=$$ 'BEGIN { srand(); print int((rand() * 1000 + pid) % 3) }')))
}

# attempt: applies what was pulled, and plans another attempt if not all of it is in service
attempt() {
  apply
  if [ "$result" = failed ] || [ "$agent_left_out" -gt 0 ]; then
    failures=$((failures + 1))
    delay=$((5 << (failures > 6 ? 6 : failures - 1)))
    if [ "$delay" -gt "$longest_pause" ]; then delay=$longest_pause; fi
    retry_at=$(($(now) + delay))
  else
    failures=0
    retry_at=0
  fi
  say "$result: bundle $(head -c 12 "$state/bundle-hash" 2>/dev/null)${nginx_error:+; $nginx_error}${dnsmasq_error:+; $dnsmasq_error}"
}

begin() {
  [ "$(id -u)" = 0 ] || fail 'Only root can do this.'
  [ -f "$etc/config" ] && [ -f "$etc/key" ] || fail "There is no $etc/config, or no $etc/key: install the agent first."
  url=$(setting SERVER)/api/v1/sites/$(setting SITE)
  mkdir -p "$state/generations" "$work" "$etc/http.d" /var/log/nginx
  chmod 755 "$state" "$state/generations"
  chmod 700 "$work"
  server_error=
  failures=0
  agent_left_out=0
  if curl --version | grep -qw libz; then compressed=--compressed; fi
  exec 9>"$state/lock"
  flock -n 9 || fail 'Another agent runs on this machine.'
  trap '[ -z "$child" ] || kill "$child" 2>/dev/null; exit 0' TERM INT HUP
  # Whatever an end in the middle of something has left behind.
  rm -f "$state"/*.new "$work"/list*
  if [ ! -f "$state/bundle" ] || [ "$(hash_of <"$state/bundle")" != "$(cat "$state/bundle-hash" 2>/dev/null)" ]; then rm -f "$state/bundle-hash"; fi
  inspect
  if whole; then
    new=$state/$(readlink "$current")
    tidy
    if runs_nginx_here && ! keep_nginx; then result=failed nginx_error=$(nginx_said); fi
    if runs_dnsmasq_here && ! keep_dnsmasq; then result=failed dnsmasq_error=$(dnsmasq_said); fi
    applied=$(cat "$current/bundle-hash" 2>/dev/null)
    if [ "$result" = failed ] || [ "$applied" != "$(cat "$state/bundle-hash" 2>/dev/null)" ] || [ -n "$(left_out "$current")" ]; then retry_at=1; fi
  elif [ -f "$state/bundle-hash" ]; then
    retry_at=1
  fi
}

once() {
  begin
  pull 0
  case $? in
    2) fail "$server_error" ;;
  esac
  attempt
  check_in || fail "$server_error"
  [ "$result" = applied ]
}

run() {
  begin
  if [ "$retry_at" -gt 0 ] && [ -f "$state/bundle-hash" ]; then attempt; fi
  while :; do
    seconds=$wait_seconds
    if [ "$retry_at" -gt 0 ]; then
      seconds=$((retry_at - $(now)))
      if [ "$seconds" -lt 0 ]; then seconds=0; fi
      if [ "$seconds" -gt "$wait_seconds" ]; then seconds=$wait_seconds; fi
    fi
    pull "$seconds"
    case $? in
      0)
        tell ''
        pause=0
        failures=0
        attempt
        check_in || tell "$server_error"
        continue
        ;;
      1) pause=0 ;;
      2) longer 60 ;;
    esac
    tell "$server_error"
    if [ "$retry_at" -gt 0 ] && [ "$(now)" -ge "$retry_at" ] && [ -f "$state/bundle-hash" ]; then
      attempt
      checked_in_at=0
    fi
    if [ "$pause" -eq 0 ] && [ $(($(now) - checked_in_at)) -ge "$check_in_seconds" ]; then check_in || tell "$server_error"; fi
    if [ "$pause" -gt 0 ]; then
      nap "$pause"
    elif [ $(($(now) - asked_at)) -lt 1 ] && [ "$seconds" -gt 0 ]; then
      # Whoever answers at once does not know how to wait.
      nap 2
    fi
  done
}

status() {
  say "server:   $(setting SERVER), site $(setting SITE)"
  say "applied:  $(cat "$current/bundle-hash" 2>/dev/null || say nothing)"
  say "pulled:   $(cat "$state/bundle-hash" 2>/dev/null || say nothing)"
  if runs_nginx_here; then if nginx_is_ours; then say 'nginx:    runs'; else say 'nginx:    does not run with this configuration'; fi; fi
  if runs_dnsmasq_here; then if dnsmasq_runs; then say 'dnsmasq:  runs'; else say 'dnsmasq:  does not run'; fi; fi
  if [ -n "$(left_out "$current")" ]; then
    say 'left out:'
    left_out "$current" | sed "s/^/  /; s/$tab/: /"
  fi
}

uninstall() {
  [ "$(id -u)" = 0 ] || fail 'Only root can do this.'
  dry_run=false
  if [ "${1:-}" = --dry-run ]; then dry_run=true; fi
  units='/etc/systemd/system/gatehouse-agent.service /etc/systemd/system/gatehouse-dnsmasq.service /etc/systemd/system/nginx.service.d/gatehouse-agent.conf'
  for path in $units "$etc" "$state" "$work" /usr/local/sbin/gatehouse-agent; do
    [ ! -e "$path" ] || say "  $(if $dry_run; then say 'would remove'; else say remove; fi)  $path"
  done
  if $dry_run; then return; fi
  if has_systemd; then systemctl -q disable --now gatehouse-agent gatehouse-dnsmasq 2>/dev/null; fi
  if [ -e "$state/lock" ]; then
    exec 9>"$state/lock"
    flock -w 60 9 || fail 'An agent runs on this machine still: stop it first.'
  fi
  stop_dnsmasq
  if nginx_is_ours && ! has_systemd; then kill -QUIT "$(cat "$nginx_pid")"; fi
  # shellcheck disable=SC2086
  rm -rf $units "$etc" "$state" "$work"
  rmdir /etc/systemd/system/nginx.service.d 2>/dev/null
  if has_systemd; then
    systemctl daemon-reload
    systemctl try-restart nginx || warn 'nginx does not start with its own configuration.'
  fi
  rm -f /usr/local/sbin/gatehouse-agent
  say 'The agent is gone. Delete its key: DELETE /api/v1/sites/ID/agent-keys/KEY.'
}

case ${1:-} in
  run | once | status) "$1" ;;
  uninstall) uninstall "${2:-}" ;;
  *) sed -n 's/^#   //p' "$0"; exit 2 ;;
esac
