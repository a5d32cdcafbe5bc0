# --out writes whole files or none; one that fails leaves the others, and the exit code says so.
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
mkdir tree && echo "key = $(token a)" >tree/a.py

run 1 scan tree --out json=a.json --out sarif=a.sarif --format github
python3 -c 'import json,sys; json.load(open("a.json")); json.load(open("a.sarif"))'
has out "::error"

echo old >kept.json
run 1 scan tree --out json=/nowhere/at/all.json --out jsonl=b.jsonl # 1 wins over 3
has err /nowhere/at/all.json
[ -s b.jsonl ] || die "the other output is still written"
mkdir clean && echo hello >clean/a.txt
run 3 scan clean --out json=/dev/full # nothing found, but what was asked for is not there
has err /dev/full
run 2 scan tree --out kept.json
has err "F=FILE"
[ "$(cat kept.json)" = old ] || die "a usage error touched a file"
[ -z "$(find . -name '*.tmp*' -o -name '.*.json*')" ] || die "something half-written is left behind"

# A closed pipe is told, not ignored.
"$LAUNCHGATE" scan tree --format json 2>/dev/null | head -c 1 >/dev/null || true

# On GitHub, summary and outputs are appended.
GITHUB_STEP_SUMMARY=$work/summary GITHUB_OUTPUT=$work/output run 1 scan tree --format github
[ -s summary ] && [ -s output ] || die "no step summary or outputs"
[ "$(stat -c %a summary output | sort -u)" = "$(printf '%o' $((0666 & ~0$(umask))))" ] || die "odd permissions"

# When it ran, and on which commit, is said truly.
cd tree && git init -q && git add -A && git commit -qm one
run 1 scan . --format junit
has out "timestamp=\"$(date -u +%Y-%m-%d)"
run 1 scan . --format gitlab-secret-detection
has out "$(date -u +%Y-%m-%d)T"
has out "$(git rev-parse HEAD)"
lacks out 1970-01-01

# One file holds one report, however its name is written.
cd "$work"
for twice in "json=x.json --out json=x.json" "json=x.json --out sarif=./x.json" "json=tree/../x.json --out csv=$work/x.json"; do
  # shellcheck disable=SC2086
  run 2 scan tree --out $twice
  has err "is given twice"
  [ ! -e x.json ] || die "a usage error wrote a file"
done
run 1 scan tree --out json=/dev/null --out csv=/dev/null
run 2 scan tree --out json=-
has err "--format json"

# Colours on a terminal only, and not where NO_COLOR holds something (no-color.org).
on_terminal() { python3 -c 'import pty, sys; pty.spawn(sys.argv[1:])' "$LAUNCHGATE" scan tree "$@" | grep -c $'\e\[1m' >/dev/null; }
NO_COLOR='' on_terminal || die "no colours on a terminal"
! NO_COLOR=1 on_terminal || die "colours in spite of NO_COLOR"
! on_terminal --no-color || die "colours in spite of --no-color"
