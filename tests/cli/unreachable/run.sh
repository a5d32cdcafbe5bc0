# scan --history --unreachable: what nothing leads to any more, loose, packed and in alternates.
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
git init -q repo && cd repo
git config gc.auto 0
commit() { git add -A && git commit -qm "$1"; }
echo one >a.txt && ln -s "$(token target)" link && commit one
echo "key = $(token dropped)" >b.py && commit "remember $(token message)" && blob=$(git rev-parse HEAD:b.py)
git reset -q --hard HEAD~1
staged=$(echo "key = $(token staged)" | git hash-object -w --stdin)
git reflog expire --expire=now --all

check() {
  run 0 scan "$1" --history
  run 1 scan "$1" --history --unreachable --format jsonl
  has out "\"path\":\"(unreachable)/$blob\""
  has out "\"path\":\"(unreachable)/$staged\""
  has out '"path":"(commit message)"'
  # The link's target is reachable: it is no unreachable content.
  [ "$(count out '"rule":"github-pat"')" = 3 ] || die "a dropped commit's content and message, and a content of no commit"
  mv "$work/out" "$work/found.$2"
}
check . loose
git repack -adfq --keep-unreachable && git prune-packed
check . packed
cmp "$work/found.loose" "$work/found.packed" || die "packed and loose objects differ"
git init -q "$work/other" && cd "$work/other" && echo x >x && commit x
echo "$work/repo/.git/objects" >.git/objects/info/alternates
run 1 scan . --history --unreachable --format jsonl
has out "\"path\":\"(unreachable)/$staged\""

# A pack that cannot be read is no pass.
cd "$work/repo" && chmod u+w .git/objects/pack/*.idx && cp .git/objects/pack/*.idx "$work/idx"
for idx in .git/objects/pack/*.idx; do cp "$idx" "${idx%/*}/pack-0000000000000000000000000000000000000000.idx"; done
run 1 scan . --history --unreachable
has out "unreadable-pack"

run 2 scan . --unreachable
run 2 scan a.txt --history --unreachable
