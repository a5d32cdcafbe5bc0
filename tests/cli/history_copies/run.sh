# scan --history: a content that stood at several paths is judged at each, because what a path excuses does not hold at
# another; what it says is told once.
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
git init -q repo && cd repo
commit() { git add -A && git commit -qm "$1"; }
paths() { grep -o '"rule":"[^"]*"\|"path":"[^"]*"' "$work/out" | sed 's/.*:"//;s/"$//' | paste -d' ' - - | sort | tr '\n' ';'; }

# What is a note in one file is an exposure as .env.
printf 'PORT=3000\nDB_PASSWORD=%s\n' "$(token env | cut -c5-25)" >notes.md && commit notes
git mv notes.md .env && commit "make it the real one"
git rm -q .env && commit "and away"
run 1 scan . --history --format jsonl
has out '"rule":"dotenv-file"'
has out '"path":".env"'

# Many contents are walked by pack, few are read one by one: the same answer.
for i in $(seq 80); do echo "file $i" >"f$i.txt"; done
commit many
run 1 scan . --history --format jsonl
cp "$work/out" "$work/loose"
git repack -adfq && git prune-packed
run 1 scan . --history --format jsonl
cmp "$work/out" "$work/loose" || die "packed and loose differ"

# A folder that is accepted does not excuse a copy elsewhere.
git init -q "$work/copied" && cd "$work/copied"
mkdir fixtures && echo "key = $(token copied)" >fixtures/k.py && commit fixture
printf '[[ignore]]\npath = "fixtures/"\nreason = "made up for the tests"\n' >launchgate.toml
run 0 scan . --history
cp fixtures/k.py live.py && commit "use it" && git rm -q live.py && commit "away again"
run 1 scan . --history --format jsonl
[ "$(paths)" = "github-pat live.py;" ] || die "the copy: $(paths)"
for i in 1 2; do "$LAUNCHGATE" scan . --history --shard "$i/2" --out "json=$work/s$i.json" >/dev/null 2>&1 || [ $? = 1 ]; done
cp "$work/out" "$work/whole"
run 1 merge "$work/s1.json" "$work/s2.json" --format jsonl
cmp "$work/out" "$work/whole" || die "joined parts differ from the whole"
# Without the ignore it is one finding, of the oldest.
run 1 scan . --history --format jsonl --no-ignores
[ "$(paths)" = "github-pat fixtures/k.py;" ] || die "told twice: $(paths)"
