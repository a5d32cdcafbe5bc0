# Alerts by mail at the end of a real run: delivered over TLS, and when they cannot be, the verdict is what it was.
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
unset GITHUB_RUN_ID GITHUB_SHA CI_PIPELINE_ID CI_COMMIT_SHA LAUNCHGATE_VERDICT_KEY
command -v openssl >/dev/null || die "this test needs openssl"

# A site, and a mail server that speaks TLS from the start or never. Ports and mails go to files.
cat >servers.py <<'PY'
import http.server, os, socketserver, ssl, sys, threading
class Site(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *args): pass
class Mail(socketserver.StreamRequestHandler):
    timeout = 5
    def handle(self):
        connection = self.request
        if self.server.context:
            try: connection = self.server.context.wrap_socket(connection, server_side=True)
            except (ssl.SSLError, OSError): return
        stream = connection.makefile("rwb")
        def say(text): stream.write(text.encode() + b"\r\n"); stream.flush()
        say("220 test")
        for line in stream:
            open("heard", "ab").write(line)
            word = line.split()[0].upper() if line.split() else b""
            if word == b"DATA":
                say("354 go on")
                for line in stream:
                    if line == b".\r\n": break
                    open("mail", "ab").write(line)
            say("221 bye" if word == b"QUIT" else "250 ok")
            if word == b"QUIT": return
def start(name, server):
    server.daemon_threads = True
    threading.Thread(target=server.serve_forever, daemon=True).start()
    open(name + ".new", "w").write(str(server.server_address[1]))
    os.rename(name + ".new", name)
def mail(context):
    server = socketserver.ThreadingTCPServer(("127.0.0.1", 0), Mail)
    server.context = context
    return server
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain("cert.pem", "key.pem")
start("site", http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site))
start("smtps", mail(context))
start("smtp", mail(None))
sys.stdin.read()
PY
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=test -addext subjectAltName=IP:127.0.0.1 \
  -keyout key.pem -out cert.pem 2>/dev/null
mkfifo hold
python3 servers.py <hold &
server=$!
exec 9>hold
trap 'kill $server 2>/dev/null || true; rm -rf "$work"' EXIT
for _ in $(seq 100); do [ -s smtp ] && break; sleep 0.1; done

cat >launchgate.toml <<TOML
base = "http://127.0.0.1:$(cat site)"
gate = { spacing = "10ms" }
[check.health]
get = "/well"
TOML
export LAUNCHGATE_ALERT_SMTP_FROM=gate@example.com LAUNCHGATE_ALERT_SMTP_TO=a@example.com
secure=smtps://127.0.0.1:$(cat smtps)

LAUNCHGATE_ALERT_SMTP=$secure LAUNCHGATE_ALERT_SMTP_CA=cert.pem run 1 smoke --release one
lacks out "alert was not sent"
grep -q '^Subject: ' mail || die "no mail came"
sed '1,/^\r$/d' mail | base64 -di | grep -qF 'release one is blocked' || die "not the mail it should be"

# Nobody vouches for the certificate; no TLS is offered; nobody listens: told, and blocked as before.
: >mail >heard
LAUNCHGATE_ALERT_SMTP=$secure run 1 smoke --release one
has out "the mail alert was not sent"
has out "certificate"
LAUNCHGATE_ALERT_SMTP=smtp://127.0.0.1:$(cat smtp) LAUNCHGATE_ALERT_SMTP_USER=u LAUNCHGATE_ALERT_SMTP_PASSWORD=p \
  run 1 smoke --release one
has out "the mail alert was not sent"
[ ! -s mail ] || die "a mail went out all the same"
! grep -qE '^(AUTH|MAIL)' heard || die "the server without TLS was told too much"

# The recovery is news too, and is one whether or not the mail goes out.
LAUNCHGATE_ALERT_SMTP=$secure LAUNCHGATE_ALERT_SMTP_CA=cert.pem run 1 smoke --release two --ledger file:ledger.jsonl
echo ok >well
LAUNCHGATE_ALERT_SMTP=$secure run 0 smoke --release three --ledger file:ledger.jsonl
has out "the mail alert was not sent"
has out PROMOTE

# No recovery of a verdict that is HOLD in the end, because the ledger that is required could not be written.
rm well
LAUNCHGATE_ALERT_SMTP=$secure LAUNCHGATE_ALERT_SMTP_CA=cert.pem run 1 smoke --release four --ledger file:kept.jsonl
echo ok >well
: >mail
rm kept.jsonl.lock && mkdir kept.jsonl.lock
sed 's/spacing/scope = "release", ledger_required = true, spacing/' launchgate.toml >required.toml
LAUNCHGATE_ALERT_SMTP=$secure LAUNCHGATE_ALERT_SMTP_CA=cert.pem \
  run 3 smoke --config required.toml --release five --ledger file:kept.jsonl
has out "the ledger was not written"
has out "the ledger's folder must exist and be writable; later runs will not know of this one"
[ ! -s mail ] || die "told of a recovery that was none"
rmdir kept.jsonl.lock
LAUNCHGATE_ALERT_SMTP=$secure LAUNCHGATE_ALERT_SMTP_CA=cert.pem \
  run 0 smoke --config required.toml --release six --ledger file:kept.jsonl
grep -q '^Subject: ' mail || die "the recovery was not told"
