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
  sqladmin itsdangerous python-multipart greenlet uvicorn jupyter-server
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
  npm install --prefix "$cache/node" --silent --no-fund --no-audit adminjs @adminjs/express express@4 express-session \
    express-formidable tslib
  cp adminjs_site.mjs "$cache/node/"
  if start node "$cache/node/adminjs_site.mjs" {port}; then
    form "AdminJS (Express)" SMOKE_MAIL "" /admin/ "smoke@example.com" \
      'post = "/admin/login", json = { email = "$SMOKE_MAIL", password = "$SMOKE_PASSWORD" }'
  else
    missing "AdminJS"
  fi
  stop
else
  echo "not run: AdminJS needs npm"
fi
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
