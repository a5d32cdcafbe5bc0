# scan --range: all that a change brings in, what its messages say included.
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
git init -q repo && cd repo
commit() { git add -A && git commit -qm "$1"; }
echo one >a.txt && commit "remember $(token old)"
base=$(git rev-parse HEAD)
run 0 scan . --range "$base..HEAD"
echo two >a.txt && commit "a clean one"
run 0 scan . --range "$base..HEAD"
echo three >a.txt && commit "use $(token new)" && said=$(git rev-parse HEAD)
echo "key = $(token short)" >b.py && commit "add b"
git rm -q b.py && commit "remove b"

run 1 scan . --range "$base..HEAD" --format jsonl
[ "$(count out '"rule":"github-pat"')" = 2 ] || die "one in a message, one added and removed within the range"
has out "\"commit\":\"$said\""
has out '"path":"(commit message)"'
run 0 scan a.txt --range "$base..HEAD" # one file was asked for: no messages
