# A site that gives our password back, in every encoding, wherever a reply has room for it; and tries to issue commands
# to the CI. Nothing that is written holds it: reports of every format, ledger, verdict, alerts, what the terminal shows.
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
unset GITHUB_RUN_ID GITHUB_SHA CI_PIPELINE_ID CI_COMMIT_SHA LAUNCHGATE_VERDICT_KEY

cat >forms.py <<'PY'
# The nine forms a value comes back in, one in another, and what one looks for to find each of them. Written apart from the product.
import base64, json, urllib.parse
def forms(value):
    raw = value.encode()
    def fragment(before):  # base64 of the value at an offset: the characters that depend on it alone
        text = base64.b64encode(b"x" * before + raw).decode()
        end = (before + len(raw)) * 8 // 6
        return text[-(-before * 8 // 6):end]
    html = value.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;").replace('"', "&quot;").replace("'", "&#39;")
    return {
        "json in json": json.dumps(json.dumps(value)[1:-1])[1:-1], "raw": value, "url": urllib.parse.quote(value, safe=""), "base64-0": fragment(0), "base64-1": fragment(1),
        "base64-2": fragment(2), "basic": base64.b64encode(b"smoke:" + raw).decode(), "json": json.dumps(value)[1:-1],
        "hex": raw.hex(), "html": html,
    }
PY
cat >site.py <<'PY'
import http.server, json, os, urllib.parse
from forms import forms
value = os.environ["PW"]
class Site(http.server.BaseHTTPRequestHandler):
    def answer(self):
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        kind, _, place = self.path.strip("/").partition("/")
        if kind == "alert":
            open("alerts", "ab").write(body + b"\n")
            kind, place = "raw", "body"
        echo = forms(value).get(kind, value)
        command = "\r\n::error::owned %s\n##vso[task.setvariable]x\n##[error]x\n::add-mask::x\x1b[31m" % echo
        safe = echo.replace("\n", " ").encode("latin-1", "replace").decode("latin-1")
        if place == "header":
            self.send_response(200); self.send_header("X-Echo", safe); text = "x"
        elif place == "redirect":
            self.send_response(302); self.send_header("Location", "http://elsewhere.example/?" + urllib.parse.quote(safe)); text = ""
        elif place == "host":
            self.send_response(302); self.send_header("Location", "http://" + kind + "." + forms(value)["hex"] + ".example/"); text = ""
        elif place == "cookie":
            self.send_response(200); self.send_header("Set-Cookie", "c=" + safe); text = "x"
        elif place == "release":
            self.send_response(200); text = json.dumps({"sha": echo})
        else:
            self.send_response(200); text = json.dumps({"echo": echo + command, "list": [echo]})
        out = text.encode()
        self.send_header("Content-Length", str(len(out)))
        self.end_headers()
        self.wfile.write(out)
    do_GET = do_POST = answer
    def log_message(self, *args): pass
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
open("port.new", "w").write(str(server.server_port))
os.rename("port.new", "port")
server.serve_forever()
PY
# Every escaper has something to do, and so has an eye that looks for it.
PW="p&ss\"w/rd'<9>+$(python3 -c 'import secrets; print(secrets.token_hex(5))')é"
export PW
python3 site.py &
server=$!
trap 'kill $server 2>/dev/null || true; rm -rf "$work"' EXIT
for _ in $(seq 100); do [ -s port ] && break; sleep 0.1; done
site=http://127.0.0.1:$(cat port)

{
  echo "base = \"$site\""
  echo 'gate = { consecutive = 2, spacing = "10ms", deadline = "60s" }'
  for kind in raw url base64-0 base64-1 base64-2 basic json hex html; do
    # shellcheck disable=SC2016
    printf '[check.%s-body]\nget = "/%s/body"\nbearer = "$PW"\nexpect = { json."/echo" = "no" }\n' $kind $kind
    printf '[check.%s-header]\nget = "/%s/header"\nexpect = { headers = { X-Echo = "no" } }\n' $kind $kind
    printf '[check.%s-redirect]\nget = "/%s/redirect"\n' $kind $kind
    printf '[check.%s-host]\nget = "/%s/host"\n' $kind $kind
    printf '[check.%s-cookie]\nget = "/%s/cookie"\nexpect = { cookie = "other" }\n' $kind $kind
    printf '[check.%s-matches]\nget = "/%s/body"\nexpect = { json."/list/0" = { matches = "^no$" } }\n' $kind $kind
  done
} >launchgate.toml

outs=()
formats="text json jsonl sarif github gitlab junit gitlab-secret-detection rdjsonl csv markdown html"
for f in $formats; do outs+=(--out "$f=report.$f"); done
export GITHUB_STEP_SUMMARY=$work/summary GITHUB_OUTPUT=$work/output
export LAUNCHGATE_ALERT_WEBHOOK=$site/alert LAUNCHGATE_ALERT_SLACK=$site/alert LAUNCHGATE_ALERT_TEAMS=$site/alert
run 1 smoke --release one --ledger file:ledger.jsonl --verdict verdict.json "${outs[@]}" --format github --verbose
[ "$(grep -o '"outcome": *"fail"' report.json | wc -l)" -ge 54 ] || die "not every check failed: this test means nothing"
[ -s alerts ] || die "no alert came"
[ "$(wc -l <alerts)" = 3 ] || die "an alert was kept back"
# The release is shown whole: a commit looks like a secret. Not when it is one.
printf 'release = { get = "/raw/release", json = "/sha", equals = "abcdef1", wait = "1s" }\n' | cat - launchgate.toml >released.toml
sed -i '/^base/d; 1a base = "'"$site"'"' released.toml
run 3 smoke --release abcdef1 --config released.toml --out json=report.released --format text
has out "is not live"

cat >look.py <<'PY'
import os, sys, glob
from forms import forms
value, bad, looked = os.environ["PW"], 0, 0
for name in glob.glob("report.*") + ["ledger.jsonl", "verdict.json", "alerts", "summary", "output", "out", "err"]:
    text = open(name, "rb").read().decode("utf-8", "replace")
    looked += len(text) > 0
    for kind, form in forms(value).items():
        if form.lower() in text.lower():
            print(f"{name} holds the password as {kind}"); bad += 1
print(f"{looked} files looked at, {len(forms(value))} forms each: {bad} leaks")
sys.exit(bad > 0 or looked < 17)
PY
python3 look.py || die "the password leaked"
# Commands of the CI are ours alone: one a line, each of a check.
! grep -nE '^(##vso|##\[|::add-mask)|owned' out | grep -vE '^[0-9]+:::(error|warning|notice) ' || die "a reply issued a command"
! grep -q $'\x1b' out report.text || die "a reply coloured the terminal"

# What we would print of ourselves: a name that is the secret. Exit 4, and nothing is written.
rm -f report.* ledger.jsonl alerts summary output
run 4 smoke --env "$PW" --release one --ledger file:ledger.jsonl "${outs[@]}" --format github
for f in $formats; do [ ! -e "report.$f" ] || die "report.$f was written all the same"; done
[ ! -e ledger.jsonl ] || die "the ledger was written all the same"
[ ! -e alerts ] || die "an alert went out all the same"
[ ! -e summary ] || die "the summary was written all the same"
lacks out "$PW"
lacks err "$PW"
# Nor what the run was given for others: the key that signs, the token of the ledger, the address of a chat.
key=$(python3 -c 'import secrets; print(secrets.token_hex(16))')
for variable in LAUNCHGATE_VERDICT_KEY GITHUB_TOKEN LAUNCHGATE_ALERT_SMTP_PASSWORD; do
  declare -x "$variable=$key"
  run 4 smoke --env "x-$key" --release one --format json
  unset "$variable"
  lacks out "$key"
done
run 4 smoke --env "$PW" --release one --format text --out json=report.json
[ ! -e report.json ] || die "written without a ledger to stop it"
lacks out "$PW"

# A release that is well, and a report of it that is refused or cannot be written: the verdict file says nothing good.
for code in 0 4 3; do
  token=harmless-word out=report.refused
  [ $code != 4 ] || token=$key
  [ $code != 3 ] || out=nowhere/report.json
  printf 'base = "%s/%s"\n[check.well]\nget = "/well"\n' "$site" "$key" >well.toml
  GITHUB_TOKEN=$token run $code smoke --release one --config well.toml --verdict verdict.json --format github --out "json=$out"
  [ $code = 4 ] || has out PROMOTE
  [ $code = 0 ] || ! grep -q '"verdict": "PROMOTE"' verdict.json || die "exit $code, and the verdict file promotes"
  if [ $code = 0 ]; then run 0 promote-check --release one --config well.toml --verdict verdict.json; else
    run 3 promote-check --release one --config well.toml --verdict verdict.json
    has out "did not finish"
  fi
  rm -f report.refused
done
run 4 smoke --env "$PW" --release one --verdict verdict.json
! grep -qF -- "$(python3 -c 'import json, os; print(json.dumps(os.environ["PW"])[1:-1])')" verdict.json || die "the verdict file holds it"
