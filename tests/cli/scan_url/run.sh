# scan --url hears what launchgate.toml says of the site: where it is, whom to trust, which hosts are ours, what is excused.
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
command -v openssl >/dev/null || die "this test needs openssl"

mkdir www
cat >server.py <<'PY'
import http.server, os, ssl
class Site(http.server.SimpleHTTPRequestHandler):
    def __init__(self, *args): super().__init__(*args, directory="www")
    def log_message(self, *args): pass
    def do_GET(self):
        open("requests", "a").write(self.headers["Host"] + self.path + "\n")
        super().do_GET()
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Site)
context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
context.load_cert_chain("cert.pem", "key.pem")
server.socket = context.wrap_socket(server.socket, server_side=True)
open("port.new", "w").write(str(server.server_address[1]))
os.rename("port.new", "port")
server.serve_forever()
PY
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj /CN=test \
  -addext subjectAltName=DNS:site.test,DNS:cdn.test -keyout key.pem -out cert.pem 2>/dev/null
python3 server.py 2>/dev/null &
server=$!
trap 'kill $server 2>/dev/null || true; rm -rf "$work"' EXIT
for _ in $(seq 100); do [ -s port ] && break; sleep 0.1; done
port=$(cat port)
echo "<html><script src=https://cdn.test:$port/app.js></script>" >www/index.html
secret=$(token url)
echo "k='$secret'" >www/app.js

# Alone: nobody knows the name.
run 3 scan --url "https://site.test:$port/"

# The checks need a password that is not there, and nobody asks for it.
cat >launchgate.toml <<TOML
base = "https://staging.test:$port"
resolve = { "site.test:$port" = "127.0.0.1", "cdn.test:$port" = "127.0.0.1" }
tls = { ca = "cert.pem" }
[check.auth]
login = { page = "/login", user = "\$NOBODY_SET_THIS", password = "\$NOR_THIS" }
[env.production]
base = "https://site.test:$port"
allow_hosts = ["cdn.test:$port"]
TOML
run 0 scan --url "https://site.test:$port/" --explain
has out "scripts on cdn.test:$port"
[ ! -e requests ] || die "a plan asked the site"
run 1 scan --url "https://site.test:$port/"
has out "cdn.test:$port/app.js"
lacks out "$secret"
lacks out "not about"
run 1 scan --url "https://site.test:$port/" --env production

# An accepted finding is accepted on the site too, and counted.
run 1 scan --url "https://site.test:$port/" --format jsonl
print=$(python3 -c 'import json, sys; print([f["fingerprint"] for f in map(json.loads, open(sys.argv[1])) if f["rule"] == "github-pat"][0])' "$work/out")
cp launchgate.toml plain.toml
printf '[[ignore]]\nfingerprint = "%s"\nreason = "a key for everyone"\n' "$print" >>launchgate.toml
run 0 scan --url "https://site.test:$port/"
has out "1 finding is excused"
run 1 scan --url "https://site.test:$port/" --no-ignores
cp plain.toml launchgate.toml

# About another site it is not used, and says so; that site is then not found.
run 3 scan --url "https://other.test:$port/"
has out "launchgate.toml is about https://staging.test:$port, not about https://other.test:$port/"
run 2 scan --url "https://site.test:$port/" --env staging
has err "there is no [env.staging]"
run 2 scan --env production
has err "--env needs --url"
