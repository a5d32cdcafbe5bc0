# scan PATH: tracked and unignored files of a repository, nested ignore files, submodules, a folder, one file.
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

git init -q repo && cd repo
mkdir -p src deep/er build
echo "key = $(token tracked)" >src/tracked.py
echo "key = $(token untracked)" >deep/untracked.py
echo "key = $(token ignored)" >build/ignored.py
echo "key = $(token nested)" >deep/er/nested.log
echo "key = $(token kept)" >deep/er/kept.log
echo "key = $(token excluded)" >excluded.txt
printf 'build/\n*.log\n' >.gitignore
printf '!kept.log\n' >deep/er/.gitignore
echo excluded.txt >.git/info/exclude
git add src .gitignore && git commit -qm base

run 1 scan . --format jsonl
has out '"path":"src/tracked.py"'
has out '"path":"deep/untracked.py"'
has out '"path":"deep/er/kept.log"'
lacks out ignored.py
lacks out nested.log
lacks out excluded.txt
[ "$(count out '"rule":"github-pat"')" = 3 ] || die "three findings expected"

run 1 scan . --all-files --format jsonl
[ "$(count out '"rule":"github-pat"')" = 6 ] || die "six findings with --all-files"

# A folder of the repository: paths stay those of the repository.
run 1 scan src --format jsonl
[ "$(count out '"rule"')" = 1 ] || die "one finding below src"
has out '"path":"src/tracked.py"'

# One file, even an ignored one: it was asked for by name.
run 1 scan build/ignored.py --format jsonl
has out '"rule":"github-pat"'

# A symbolic link is not followed out of the tree.
mkdir "$work/elsewhere" && echo "key = $(token outside)" >"$work/elsewhere/outside.py"
ln -s "$work/elsewhere" link
ln -s "$work/elsewhere/outside.py" link.py
ln -s . loop
run 1 scan . --format jsonl
lacks out outside.py

# A submodule is part of the tree, by its own ignore files.
git init -q "$work/sub"
(cd "$work/sub" && echo "key = $(token submodule)" >in_sub.py && git add . && git commit -qm sub)
git submodule --quiet add "$work/sub" sub
run 1 scan . --format jsonl
has out '"path":"sub/in_sub.py"'

# A linked work tree.
git commit -qam sub && git worktree add -q "$work/linked" HEAD
run 1 scan "$work/linked" --format jsonl
has out '"path":"src/tracked.py"'
lacks out untracked.py

# Outside a repository: every file.
mkdir -p "$work/plain/sub" && echo "key = $(token plain)" >"$work/plain/sub/a.py"
run 1 scan "$work/plain" --format jsonl
has out '"path":"sub/a.py"'
rm "$work/plain/sub/a.py"
run 0 scan "$work/plain"

# Deeper than a path may be long.
python3 - "$work/plain" "$(token deep)" <<'PY'
import os, sys
os.chdir(sys.argv[1])
for _ in range(45):
    os.mkdir("d" * 200)
    os.chdir("d" * 200)
open("deepest.py", "w").write("key = %s\n" % sys.argv[2])
PY
run 1 scan "$work/plain" --format jsonl
has out '/deepest.py","line":1'

# What a sparse checkout leaves out is counted; what is there all the same is scanned and not counted.
git init -q "$work/sparse" && cd "$work/sparse"
mkdir in out also && echo a >in/a && echo "key = $(token kept)" >also/b && echo c >out/c && git add . && git commit -qm one
git sparse-checkout set in >/dev/null 2>&1
mkdir -p also && echo "key = $(token kept)" >also/b
run 1 scan . --format json
has out '"reason":"sparse-checkout","count":1,"undecided":false,"examples":["out/c"]'
has out '"path":"also/b"'
