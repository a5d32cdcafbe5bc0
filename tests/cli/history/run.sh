# scan --history: what was ever committed, on any branch, tag or stash, with the commit that brought it in.
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
git init -q repo && cd repo
commit() { git add -A && GIT_AUTHOR_NAME="$2" git commit -qm "$1"; }
echo "key = $(token removed)" >config.py && commit "add config" Ann
brought=$(git rev-parse HEAD)
echo "key = os.environ['KEY']" >config.py && commit "read it from the environment" Bob
git checkout -q -b side && echo "key = $(token side)" >side.py && commit side Ann && git checkout -q main
git branch -q gone side && git branch -qD side && git tag -a v1 -m "release with $(token tagtext)" gone && git branch -qD gone
echo "key = $(token stash)" >config.py && git stash -q
echo three >c.txt && commit "remember $(token message)" Eve

check() {
  run 1 scan "$1" --history --format jsonl
  has out "\"path\":\"config.py\",\"line\":1"
  has out "\"commit\":\"$brought\",\"author\":\"Ann\""
  has out '"path":"side.py"'
  has out '"path":"(tag message)"'
  has out '"path":"(commit message)"'
  [ "$(count out '"rule":"github-pat"')" = 5 ] || die "five secrets: removed, side, tag text, stash, message"
  mv "$work/out" "$work/found.$2"
}
run 0 scan . # the tree is clean
check . loose
git repack -adfq --depth=50 && git prune-packed
check . packed
cmp "$work/found.loose" "$work/found.packed" || die "packed and loose objects differ"
git clone -q --mirror . "$work/bare.git"
check "$work/bare.git" bare

# Given revisions, and a range.
run 1 scan . --history main --format jsonl
[ "$(count out '"rule":"github-pat"')" = 2 ] || die "main has the removed one and the message"
run 0 scan . --history "$brought..main~1"
run 2 scan . --history no-such-branch
has err no-such-branch

# Shards are parts of one whole.
for i in 1 2 3; do
  "$LAUNCHGATE" scan . --history --shard "$i/3" --out "json=$work/shard$i.json" >/dev/null 2>&1 || [ $? = 1 ]
done
run 1 merge "$work/shard1.json" "$work/shard2.json" "$work/shard3.json" --format jsonl
cmp "$work/out" "$work/found.packed" || die "the union of the shards is not the whole"
run 1 merge "$work/shard1.json" "$work/shard3.json"
has out "2/3" # the part that is missing is named
run 2 scan . --history --shard 4/3
run 2 scan . --history --shard 1/100001
# A commit in between: its contents may be in no part.
echo "key = $(token between)" >between.py && git add -A && git commit -qm between
"$LAUNCHGATE" scan . --history --shard 2/3 --out "json=$work/later.json" >/dev/null 2>&1 || [ $? = 1 ]
run 3 merge "$work/shard1.json" "$work/later.json" "$work/shard3.json"
has err "not of one history"
git reset -q --hard HEAD~1

# What only a reflog, a linked work tree or a tag on a bare content leads to.
git init -q "$work/odd" && cd "$work/odd"
echo one >a.txt && commit one Ann
for i in 1 2; do echo "key = $(token "stash$i")" >a.txt && git stash -q; done
git worktree add -q --detach "$work/tree" && (cd "$work/tree" && echo "key = $(token linked)" >l.py && commit linked Ann)
git tag blob "$(echo "key = $(token blob)" | git hash-object -w --stdin)"
run 1 scan . --history --format jsonl
[ "$(count out '"rule":"github-pat"')" = 4 ] || die "two stashes, a detached work tree and a tagged content"
cd "$work/repo"

# A shallow clone cannot show what came before: never a pass.
echo four >d.txt && commit "a clean commit" Eve
git clone -q --depth 1 --no-tags --single-branch "file://$PWD" "$work/shallow"
run 3 scan "$work/shallow" --history
has out shallow
has out unshallow

# Nor can a partial clone, which has the commits and trees and asks for contents when they are needed: each one that is
# not here is counted, and none is fetched.
git config uploadpack.allowFilter true
git clone -q --filter=blob:none --no-checkout "file://$PWD" "$work/partial"
before=$(find "$work/partial/.git/objects" -type f | wc -l)
run 1 scan "$work/partial" --history # for what stands in messages
has out "5 unreadable"
has out "without --filter"
run 3 scan "$work/partial" --range HEAD~1..HEAD
has out "1 unreadable"
[ "$(find "$work/partial/.git/objects" -type f | wc -l)" = "$before" ] || die "objects were fetched"
