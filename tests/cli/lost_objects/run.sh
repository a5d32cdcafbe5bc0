# A commit or a tree that is not there costs what stands behind it, and nothing else: all other findings are reported,
# what was lost is named, and the run cannot pass.
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
git init -q repo && cd repo
mkdir one two
for name in one/first two/second one/third two/fourth; do
  echo "key = $(token "${name#*/}")" >"$name.py" && git add -A && git commit -qm "about $name"
done
lose() { rm -f ".git/objects/${1:0:2}/${1:2}"; }
files() { grep -o '"path":"[^"]*"' "$work/out" | sed 's/"path":"//;s/"$//' | sort | tr '\n' ' '; }

lost=$(git rev-parse HEAD:two)
lose "$lost"
for threads in 1 2; do
  run 1 scan . --history --threads $threads --format jsonl
  [ "$(files)" = "one/first.py one/third.py two/second.py " ] || die "with a lost tree: $(files)"
done
run 1 scan . --history
grep -q "Could not look at 1 unreadable-tree ($lost)" "$work/out" || die "the lost tree is not named"
run 1 scan . --range HEAD~2..HEAD
grep -q "unreadable-tree ($lost)" "$work/out" || die "the lost tree is not named for a range"

lost=$(git rev-parse HEAD~2)
lose "$lost"
run 1 scan . --history --format jsonl
[ "$(files)" = "one/first.py one/third.py two/second.py " ] || die "behind a lost commit: $(files)"
run 1 scan . --history
grep -q "Could not look at 1 unreadable-commit ($lost)" "$work/out" || die "the lost commit is not named"
grep -q "git fsck" "$work/out" "$work/err" || die "no word on how to find out more"

# With nothing found it is "could not decide", not a pass.
printf '[[rules]]\nid = "none"\nregex = "nowhere_[0-9]{8}"\n' >"$work/none.toml"
run 3 scan . --history --no-default-rules --rules "$work/none.toml"
