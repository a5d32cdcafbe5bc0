# scan --staged: indexes as git makes them in its rarer moods, and where there is none.
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
# A sparse index holds a folder as one entry; a file put below it by hand stands beside it.
git init -q sparse && cd sparse
mkdir -p in out/deep && echo one >in/a.txt && echo two >out/deep/b.txt && git add -A && git commit -qm one
git sparse-checkout init --cone --sparse-index 2>/dev/null && git sparse-checkout set in
run 0 scan . --staged
blob=$(echo "key = $(token outside)" | git hash-object -w --stdin)
git update-index --add --cacheinfo "100644,$blob,out/deep/x.py"
run 1 scan . --staged --format jsonl
has out '"path":"out/deep/x.py"'
lacks out b.txt

# A bare repository has no index: not a pass.
git init -q --bare "$work/bare.git"
run 2 scan "$work/bare.git" --staged
has err "no index"
