# scan --history REV: commits in all the ways people call them, and references to what is no commit.
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
git init -q repo && cd repo
commit() { echo "key = $(token "$1")" >"$1.py" && git add -A && git commit -qm "about $1"; }
commit base && commit middle && git branch side HEAD~1
git checkout -q side && commit side && git checkout -q main
commit main
git update-ref refs/remotes/origin/main HEAD~1
git config remote.origin.url "$PWD" && git config remote.origin.fetch '+refs/heads/*:refs/remotes/origin/*'
git config branch.main.remote origin && git config branch.main.merge refs/heads/main
git tag -a v1 -m "said: $(token tagtext)" HEAD~1

# brings "FILES" REV...: the paths that are found when these revisions are asked for.
brings() {
  local want=$1
  shift
  run 1 scan . --history "$@" --format jsonl
  local got
  got=$(grep -o '"path":"[^"]*"' "$work/out" | sed 's/"path":"//;s/"$//' | sort | tr '\n' ' ')
  [ "$got" = "$want " ] || die "$*: $got, not $want"
}
brings "base.py main.py middle.py" main
brings "base.py middle.py" main~1
brings "base.py middle.py" 'HEAD^'
brings "base.py middle.py" "$(git rev-parse --short=12 HEAD~1)"
brings "base.py middle.py" '@{upstream}'
brings "base.py middle.py" ':/about middle'
brings "base.py middle.py" 'main^{/middle}'
brings "(tag message) base.py middle.py" v1
brings "base.py middle.py" 'v1^{}'
brings "side.py" main..side
brings "side.py" side '^main'
brings "side.py" '^main' side
brings "main.py middle.py side.py" main...side
brings "main.py middle.py side.py" side...
brings "main.py" main~1...main
brings "base.py middle.py side.py" main~1 side
run 2 scan . --history '^main'
has err "add a revision"
run 2 scan . --history 'main~9'
run 2 scan . --history 'HEAD^{tree'
git clone -q --depth 2 "file://$PWD" "$work/shallow"
run 3 scan "$work/shallow" --history main~2
has err unshallow

# A tag on a tree without a commit is looked through; of a folder that is asked for, only what is below it.
git init -q "$work/tree" && cd "$work/tree"
mkdir sub && echo one >a.txt && git add -A && git commit -qm one
echo "key = $(token tree)" >sub/t.py && git add -A && git tag tree "$(git write-tree)" && git reset -q --hard && rm -rf sub
brings "(tagged tree)/sub/t.py"
git tag content "$(echo "key = $(token content)" | git hash-object -w --stdin)"
brings "(tagged object) (tagged tree)/sub/t.py"
mkdir sub
run 1 scan sub --history --format jsonl
has out "(tagged tree)/sub/t.py"
lacks out "(tagged object)"

# A reference that leads nowhere is counted, and the others are looked at.
git init -q "$work/broken" && cd "$work/broken"
commit fine && echo garbage >.git/refs/heads/garbage && printf '%040d\n' 1 >.git/refs/heads/nowhere
brings "fine.py"
run 1 scan . --history
has out "2 unreadable-reference"
rm fine.py && git init -q "$work/clean" && cd "$work/clean"
echo one >a.txt && git add -A && git commit -qm one && : >.git/refs/heads/empty
run 3 scan . --history

# Seen from a linked work tree, the first one's detached HEAD counts too.
git init -q "$work/first" && cd "$work/first"
echo one >a.txt && git add -A && git commit -qm one && git worktree add -q "$work/linked" -b linked
git checkout -q --detach && commit detached
cd "$work/linked"
brings "detached.py"
