#!/usr/bin/env bash
# Signs in to login forms that nobody here wrote: real frameworks from their registries, on loopback, each for a few
# seconds. Opt-in: installs packages into a folder of its own. Usage: run.sh [LAUNCHGATE]; prints one line a form.
set -euo pipefail
launchgate=$(realpath "${1:-build/release/launchgate}")
cd "$(dirname "${BASH_SOURCE[0]}")"
cache=${LG_CLIENTS_CACHE:-${XDG_CACHE_HOME:-$HOME/.cache}/launchgate-clients}
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
export SMOKE_USER=smoke-user SMOKE_MAIL=smoke@example.com
SMOKE_PASSWORD=Pw-$(od -An -N8 -tx1 /dev/urandom | tr -d ' \n')
export SMOKE_PASSWORD

[ -x "$cache/venv/bin/python" ] || python3 -m venv "$cache/venv"
"$cache/venv/bin/pip" install -q django django-allauth flask-security-too flask-login flask-wtf flask-sqlalchemy \
  flask-appbuilder   sqladmin itsdangerous python-multipart greenlet uvicorn jupyter-server
python=$cache/venv/bin/python
failed=0 passed=0

free_port() { "$python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

# start COMMAND…: {port} and {dir} are filled in; waits at most 20 s for an answer.
start() {
  port=$(free_port)
  local words=("${@//\{port\}/$port}")
  timeout 60 "${words[@]//\{dir\}/$work}" >"$work/server.log" 2>&1 &
  server=$!
  for _ in $(seq 100); do
    curl -s -o /dev/null --max-time 2 "http://127.0.0.1:$port/" && return 0
    read -r -t 0.2 <> <(:) || true
  done
  return 1
}

stop() { kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; server=; }

missing() {
  echo "FAIL  $1 did not start"
  tail -3 "$work/server.log" | sed 's/^/      server: /'
  failed=$((failed + 1))
}

# debs NAME PACKAGE…: unpacks Debian packages into $cache/NAME; installs nothing.
debs() {
  local folder=$cache/$1
  shift
  [ -e "$folder/unpacked" ] && return 0
  mkdir -p "$folder"
  (cd "$folder" && apt-get download -qq "$@" 2>/dev/null && for d in *.deb; do dpkg -x "$d" .; done && touch unpacked)
}

# lacking PACKAGE…: those and what they need, as far as the system lacks it.
lacking() { apt-get install -s --no-install-recommends "$@" 2>/dev/null | awk '/^Inst/ { print $2 }'; }

# Debian's DokuWiki lives in /usr, /etc and /var: leads its links and paths to where it was unpacked, and gives it a user.
dokuwiki_site() {
  local root=$cache/dokuwiki link target
  find "$root" -type l | while read -r link; do
    target=$(readlink "$link")
    case $target in "$root"/*) ;; /*) ln -sfn "$root$target" "$link" ;; esac
  done
  sed -i "s#'/usr/share/php#'$root/usr/share/php#g" "$root"/usr/share/dokuwiki/vendor/composer/autoload_*.php
  echo "<?php define('DOKU_CONF', '$root/etc/dokuwiki/');" >"$root/usr/share/dokuwiki/inc/preload.php"
  echo "<?php \$conf['useacl'] = 1; \$conf['savedir'] = '$root/var/lib/dokuwiki/data';" >"$root/etc/dokuwiki/local.php"
  printf '*\t@ALL\t0\n*\t@user\t16\n' >"$root/var/lib/dokuwiki/acl/acl.auth.php"
  php -r 'echo getenv("SMOKE_USER"), ":", password_hash(getenv("SMOKE_PASSWORD"), PASSWORD_BCRYPT), ":A:a@example.com:user\n";' \
    >"$root/var/lib/dokuwiki/acl/users.auth.php"
}

# form NAME USER_VARIABLE PAGE PROOF TEXT [LOGIN]: three logins, a stranger refused, one signed-in request, an anonymous one denied.
form() {
  local login=${6:-"page = \"$3\", user = \"\$$2\", password = \"\$SMOKE_PASSWORD\""}
  cat >"$work/launchgate.toml" <<TOML
base = "http://127.0.0.1:$port"
gate = { consecutive = 1 }
[check.auth]
login = { $login, proof = "$4" }
expect = { text = "$5" }
success = { runs = 3, pace = "0s" }
[check.home]
use = "auth"
get = "$4"
expect = { text = "$5", anonymous = "denied" }
TOML
  if "$launchgate" smoke --config "$work/launchgate.toml" >"$work/out" 2>&1; then
    echo "ok    $1"
    passed=$((passed + 1))
  else
    echo "FAIL  $1"
    sed 's/^/      /' "$work/out"
    tail -3 "$work/server.log" | sed 's/^/      server: /'
    failed=$((failed + 1))
  fi
}

if start "$python" django_sites.py {port} {dir}; then
  form "Django admin" SMOKE_USER /admin/login/ /admin/ "Log out"
  form "django-allauth" SMOKE_USER /accounts/login/ /accounts/email/ "smoke@example.com"
else
  missing "Django"
fi
stop
if start "$python" flask_security_site.py {port} {dir}; then
  form "Flask-Security (Flask-Login, Flask-WTF)" SMOKE_MAIL /login /home "Sign out"
else
  missing "Flask-Security"
fi
stop
if start "$python" flask_appbuilder_site.py {port} {dir}; then
  form "Flask-AppBuilder (Superset)" SMOKE_USER /login/ /users/userinfo/ "$SMOKE_USER"
else
  missing "Flask-AppBuilder"
fi
stop
if start "$python" sqladmin_site.py {port} {dir}; then
  form "SQLAdmin (Starlette)" SMOKE_USER /admin/login /admin/ "Admin"
else
  missing "SQLAdmin"
fi
stop
# A form with a password and no user name.
hash=$("$python" -c 'import os; from jupyter_server.auth import passwd; print(passwd(os.environ["SMOKE_PASSWORD"]))')
if start "$cache/venv/bin/jupyter-server" --allow-root --no-browser --ServerApp.port={port} --ServerApp.ip=127.0.0.1 \
  --ServerApp.root_dir={dir} "--PasswordIdentityProvider.hashed_password=$hash" --ServerApp.quit_button=False; then
  form "Jupyter Server (Tornado)" SMOKE_USER /login /api/kernelspecs "kernelspecs"
else
  missing "Jupyter Server"
fi
stop
# Its page is made by scripts: signed in by its endpoint.
if command -v npm >/dev/null; then
  mkdir -p "$cache/node"
  npm install --prefix "$cache/node" --silent --no-fund --no-audit adminjs @adminjs/express @auth/express express@4 express-session \
    express-formidable tslib
  cp adminjs_site.mjs "$cache/node/"
  if start node "$cache/node/adminjs_site.mjs" {port}; then
    form "AdminJS (Express)" SMOKE_MAIL "" /admin/ "smoke@example.com" \
      'post = "/admin/login", json = { email = "$SMOKE_MAIL", password = "$SMOKE_PASSWORD" }'
  else
    missing "AdminJS"
  fi
  stop
  # A token in a hidden field and in a cookie that names __Host- where there is TLS.
  cp authjs_site.mjs "$cache/node/"
  if start node "$cache/node/authjs_site.mjs" {port}; then
    form "Auth.js" SMOKE_USER /auth/signin /home "Sign out"
  else
    missing "Auth.js"
  fi
  stop
else
  echo "not run: AdminJS and Auth.js need npm"
fi
if command -v mvn >/dev/null; then
  cp -r spring_site "$cache/"
  mvn -q -B -f "$cache/spring_site/pom.xml" package >"$work/maven.log" 2>&1 || cat "$work/maven.log"
  if start env "SPRING_SECURITY_USER_NAME=$SMOKE_USER" "SPRING_SECURITY_USER_PASSWORD=$SMOKE_PASSWORD" \
    java -jar "$cache/spring_site/target/site.jar" --server.port={port} --server.address=127.0.0.1; then
    form "Spring Security" SMOKE_USER /login /home "Sign out"
  else
    missing "Spring Security"
  fi
  stop
else
  echo "not run: Spring Security needs Maven"
fi
# Rails with Devise; the gems are Debian's, found where they were unpacked.
# shellcheck disable=SC2046
if command -v ruby >/dev/null && command -v apt-get >/dev/null &&
  debs devise $(lacking ruby-devise ruby-railties ruby-activerecord ruby-sqlite3 puma); then
  native=$cache/devise$(ruby -e 'puts RbConfig::CONFIG["vendorarchdir"]')
  gems=$(find "$cache/devise/usr" -name specifications -printf '%h\n' | paste -sd:):$(ruby -e 'puts Gem.path.join(":")')
  if start env "GEM_PATH=$gems" "RUBYLIB=$cache/devise/usr/lib/ruby/vendor_ruby:$native" ruby devise_site.rb {port} {dir}; then
    form "Devise (Rails)" SMOKE_MAIL /users/sign_in /home "Sign out"
  else
    missing "Devise"
  fi
  stop
else
  echo "not run: Devise needs Ruby and apt-get"
fi
# A product in PHP.
if command -v php >/dev/null && command -v apt-get >/dev/null &&
  debs dokuwiki dokuwiki php-geshi php-phpseclib libphp-simplepie; then
  dokuwiki_site
  if start php -d display_errors=0 -S 127.0.0.1:{port} -t "$cache/dokuwiki/usr/share/dokuwiki"; then
    form "DokuWiki" SMOKE_USER "/doku.php?id=start&do=login" "/doku.php?id=start" "do=logout"
  else
    missing "DokuWiki"
  fi
  stop
else
  echo "not run: DokuWiki needs PHP and apt-get"
fi
"$cache/venv/bin/pip" list --format=freeze | grep -iE '^(django|django-allauth|flask-(security-too|appbuilder)|sqladmin|jupyter.server)=' | paste -sd' '
[ ! -d "$cache/node" ] || npm ls --prefix "$cache/node" --depth 0 --parseable --long 2>/dev/null |
  sed -n 's/.*:\(adminjs@[^:]*\|@auth.express@[^:]*\)$/\1/p' | paste -sd' '
echo "$passed passed, $failed failed"
# Eight is what docs/smoke.md promises, on a machine that has Python, Node.js and one of the others.
[ "$failed" -eq 0 ] && [ "$passed" -ge 8 ]
