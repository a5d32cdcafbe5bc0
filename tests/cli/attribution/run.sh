# scan --history: what became of a finding: still in HEAD and where, on which branches and tags, how often the secret came.
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
git init -q repo && cd repo
commit() { # MESSAGE DATE
  git add -A && GIT_AUTHOR_DATE="$2T12:00:00Z" GIT_COMMITTER_DATE="$2T12:00:00Z" git commit -qm "$1"
  git rev-parse HEAD
}
# field KEYS SECRET PATH...: a value of the finding's "history", by python, as JSON.
story() {
  python3 - "$work/out" "$@" <<'PY'
import json, sys
found = [f for f in map(json.loads, open(sys.argv[1])) if f["path"] == sys.argv[2]]
assert len(found) == 1, found
value = found[0]["history"]
for key in sys.argv[3:]: value = value.get(key, "absent") if isinstance(value, dict) else "absent"
print(json.dumps(value))
PY
}
is() { [ "$1" = "$2" ] || die "$3: $1, not $2"; }

echo "key = $(token gone)" >gone.py && first=$(commit "gone" 2021-01-01)
git tag v1
git rm -q gone.py
echo "key = $(token moved)" >old.py && commit "moved" 2021-01-02 >/dev/null
git mv old.py new.py && commit "rename" 2021-01-03 >/dev/null
echo "key = $(token again)" >again.py && commit "again" 2021-01-04 >/dev/null
# A clock that is wrong: by its date this commit is older than all the others.
echo "# once more, key = $(token gone)" >later.py && last=$(commit "the same secret" 2001-01-01)
git checkout -q -b side "$first" && echo "key = $(token side)" >side.py && commit "side" 2021-01-06 >/dev/null
git checkout -q main
for i in 1 2 3; do git branch "b$i" side; done

run 1 scan . --history --format jsonl
is "$(story gone.py in_head)" false "removed"
is "$(story gone.py refs)" '["b1", "b2", "b3"]' "the first three by name"
is "$(story gone.py ref_count)" 6 "main, side, b1, b2, b3 and v1"
is "$(story gone.py secret commits)" 2 "the same secret came twice"
is "$(story gone.py secret first_commit)" "\"$first\"" "first by ancestry, whatever the clock says"
is "$(story later.py secret first_commit)" "\"$first\"" "one secret, one story"
is "$(story later.py secret last_commit)" "\"$last\"" "last"
is "$(story gone.py secret in_head)" true "the value stands in another file of HEAD"
is "$(story old.py in_head)" true "the content is there under another name"
is "$(story old.py head_path)" '"new.py"' "renamed"
is "$(story again.py head_path)" '"absent"' "not renamed"
is "$(story again.py refs)" '["main"]' "on main alone"
is "$(story side.py in_head)" false "never in HEAD"
cp "$work/out" "$work/whole"

run 1 scan . --history
has out "still in HEAD, as new.py"
has out "on b1, b2, b3 and 3 more"
has out "the secret came with 2 commits, 2021-01-01 to 2001-01-01"

# The parts of a divided run know only their own findings; joined they know all.
for i in 1 2; do "$LAUNCHGATE" scan . --history --shard "$i/2" --out "json=$work/s$i.json" >/dev/null 2>&1 || [ $? = 1 ]; done
! grep -q first_commit "$work/s1.json" "$work/s2.json" || die "a part speaks for the whole"
run 1 merge "$work/s1.json" "$work/s2.json" --format jsonl
cmp "$work/out" "$work/whole" || die "joined parts differ from the whole"

# Given revisions: references were not looked through, so nothing is said of them.
run 1 scan . --history main --format jsonl
is "$(story gone.py ref_count)" '"absent"' "references not asked for"
is "$(story gone.py in_head)" false "still known"
# No HEAD to compare with.
git symbolic-ref HEAD refs/heads/unborn
run 1 scan . --history --format jsonl
is "$(story gone.py in_head)" '"absent"' "nothing to compare with"

# A file that is edited is a new content each time: one finding, of the commit that brought the secret.
git init -q "$work/edited" && cd "$work/edited"
echo "key = $(token edited)" >a.py && brought=$(commit "brought" 2021-01-01)
for i in 2 3 4; do echo "# line $i" >>a.py && commit "edit $i" "2021-01-0$i" >/dev/null; done
printf "# other\nkey = %s\n" "$(token edited)" >b.py && commit "a second file" 2021-01-05 >/dev/null
run 1 scan . --history --format jsonl
[ "$(count out '"rule":"github-pat"')" = 2 ] || die "one for each file"
is "$(story a.py versions)" 4 "versions of a.py"
is "$(story b.py versions)" '"absent"' "versions of b.py"
is "$(story a.py in_head)" true "the last of them"
is "$(story a.py secret commits)" 5 "commits"
has out "\"commit\":\"$brought\""
cp "$work/out" "$work/whole"
for i in 1 2 3; do "$LAUNCHGATE" scan . --history --shard "$i/3" --out "json=$work/s$i.json" >/dev/null 2>&1 || [ $? = 1 ]; done
run 1 merge "$work/s1.json" "$work/s2.json" "$work/s3.json" --format jsonl
cmp "$work/out" "$work/whole" || die "joined parts differ from the whole"
# Another scanner's list names the commit that brought it in: what follows from that is accepted too, but not the other file.
echo "$brought:a.py:github-pat:1" >.gitleaksignore
run 1 scan . --history --format jsonl
[ "$(count out '"rule":"github-pat"')" = 1 ] || die "a.py is accepted in all versions"
has out '"path":"b.py"'
