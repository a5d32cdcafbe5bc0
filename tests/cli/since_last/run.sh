# scan --history --since-last: only what is new, and never less than what a whole scan would report.
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
git init -q repo && cd repo
commit() { git add -A && git commit -qm "$1"; }
looked_at() { has out "$1 commit"; }
for i in 1 2 3; do echo "$i" >a.txt && commit "$i"; done

run 0 scan . --history --since-last && looked_at 3
has out "no earlier run without findings"
run 0 scan . --history --since-last
has out "only what is new"
echo 4 >a.txt && commit 4
run 0 scan . --history --since-last && looked_at 1

# A run with findings is not remembered: they come again until they are accepted.
echo "key = $(token one)" >b.py && commit "add b"
git rm -q b.py && commit "remove b"
run 1 scan . --history --since-last && looked_at 2
run 1 scan . --history --since-last && looked_at 2
"$LAUNCHGATE" baseline create . --history >/dev/null 2>&1 || true
if [ -f launchgate-baseline ]; then
  # Another baseline is another question: everything is looked at once more, then only what is new.
  run 0 scan . --history --since-last && looked_at 6
  commit "accept" && run 0 scan . --history --since-last && looked_at 1
  : >launchgate-baseline
  run 1 scan . --history --since-last # what is no longer accepted is back
  git checkout -q launchgate-baseline
fi

# A forced push: what was remembered is no ancestor any more.
git checkout -q -b other HEAD~1 && echo "key = $(token forced)" >c.py && commit forced
git branch -f main other && git checkout -q main && git branch -qD other
run 1 scan . --history --since-last --format jsonl
[ "$(count out '"path":"c.py"')" = 1 ] || die "the rewritten commit is new"

# Where the remembered commits are gone, everything is looked at.
git init -q "$work/two" && cd "$work/two"
echo 1 >a.txt && commit 1 && run 0 scan . --history --since-last
echo 2 >a.txt && git add -A && git commit -q --amend -m 2
git reflog expire --expire=now --all && git gc -q --prune=now
run 0 scan . --history --since-last && looked_at 1

# What is damaged, forged without the key, or open to others costs time and never a finding.
has_none() { has out "no earlier run without findings"; }
chmod g+w "$XDG_CACHE_HOME"/launchgate/history-* && run 0 scan . --history --since-last && has_none
chmod g-w "$XDG_CACHE_HOME"/launchgate/history-*
LAUNCHGATE_ID_KEY=mine run 0 scan . --history --since-last && has_none
echo "key = $(token two)" >d.py && commit "add d"
for file in "$XDG_CACHE_HOME"/launchgate/history-*; do git rev-parse HEAD >>"$file"; done
run 1 scan . --history --since-last

run 2 scan . --since-last
run 2 scan . --history --since-last --unreachable
run 2 scan . --history main --since-last
