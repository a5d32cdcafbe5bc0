# What the command-line tests share. Source it first: it makes an empty folder, goes there, and cleans up.
set -euo pipefail
: "${LAUNCHGATE:?the binary under test}"
work=$(mktemp -d)
trap 'chmod -R u+rwX "$work" 2>/dev/null || true; rm -rf "$work"' EXIT
cd "$work"
export HOME=$work/home XDG_CACHE_HOME=$work/cache GIT_CONFIG_NOSYSTEM=1 LC_ALL=C
mkdir -p "$HOME"
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE GITLEAKS_CONFIG GITLEAKS_CONFIG_TOML GITHUB_ACTIONS GITHUB_STEP_SUMMARY GITHUB_OUTPUT
unset NO_COLOR CI GITLAB_CI
git config --global user.name tester
git config --global user.email tester@example.org
git config --global init.defaultBranch main
git config --global protocol.file.allow always

die() {
  echo "FAILED: $*" >&2
  exit 1
}

# run CODE ARGS...: runs launchgate, expects exit CODE; stdout in ./out, stderr in ./err.
run() {
  local want=$1 got=0
  shift
  "$LAUNCHGATE" "$@" >"$work/out" 2>"$work/err" || got=$?
  [ "$got" = "$want" ] || { cat "$work/out" "$work/err" >&2; die "exit $got, not $want: launchgate $*"; }
}

# A value no one owns with the shape and the checksum of a GitHub token, different for every seed.
token() {
  python3 - "$1" <<'PY'
import hashlib, sys, zlib
digits = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
def base62(n, width):
    s = ""
    while n: n, r = divmod(n, 62); s = digits[r] + s
    return s.rjust(width, "0")
body = base62(int.from_bytes(hashlib.sha256(sys.argv[1].encode()).digest(), "big"), 60)[-30:]
print("gh" + "p_" + body + base62(zlib.crc32(body.encode()), 6))
PY
}

has() { grep -qF -- "$2" "$work/$1" || { cat "$work/$1" >&2; die "$1 lacks: $2"; }; }
lacks() { ! grep -qF -- "$2" "$work/$1" || { cat "$work/$1" >&2; die "$1 must not hold: $2"; }; }
count() { grep -cF -- "$2" "$work/$1" || true; }
