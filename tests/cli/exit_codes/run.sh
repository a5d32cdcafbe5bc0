# The contract's table of exit codes, and errors that say where, what and how to mend it.
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
mkdir clean dirty
echo hello >clean/a.txt
echo "key = $(token a)" >dirty/a.txt

run 0 scan clean
run 1 scan dirty
run 0 scan clean --fail-on can-wait
run 2 scan nowhere
has err nowhere
run 2 scan --no-such-option
has err "unknown option --no-such-option"
run 2 scan . --fail-on sometimes
has err "can-wait, high-risk, launch-blocker"
run 2 scann clean
has err 'did you mean `launchgate scan`?'
run 2 scan clean --format yamll
has err yamll
run 2 scan clean --staged
has err "needs a git repository"
run 2 scan clean --staged --history
run 2 scan clean --max-file-size lots
run 2
run 0 help
run 0 help scan
run 0 version
run 0 version --json
python3 -c 'import json,sys; json.load(sys.stdin)' <out

# Broken rules: file, line, column; nothing is scanned.
printf '[[rules]]\nid = "x"\nregex = "("\n' >broken.toml
run 2 scan dirty --rules broken.toml
has err broken.toml:3
lacks out github
printf '[[rules]]\nid = "x"\nregexp = "abc"\n' >wrong_key.toml
run 2 scan dirty --rules wrong_key.toml
has err 'wrong_key.toml:3'
has err regex

# A bare repository has no tree.
git init -q --bare bare.git
run 2 scan bare.git
has err --history

# Less was looked at than asked: exit 3, and the findings so far are still there.
if [ "$(id -u)" != 0 ]; then
  mkdir part && echo hello >part/a.txt && echo x >part/locked && chmod 0 part/locked
  run 3 scan part
  has out locked
  echo "key = $(token b)" >part/b.txt
  run 1 scan part # 1 wins over 3
  mkdir shut && echo x >shut/a && chmod 0 shut
  run 3 scan shut/a
fi
mkdir big && head -c 4096 /dev/zero | tr '\0' x >big/a.txt
run 3 scan big --max-file-size 1K
has out too-large

# Behind "--" everything is a name.
mkdir odd && cp dirty/a.txt odd/--staged && cd odd
run 1 scan -- --staged
has out "--staged:1:7"
cd ..

# The beginning of a command's name says which commands begin so; `help` knows as much.
for words in rules "rules lst" "help rules"; do
  # shellcheck disable=SC2086
  run 2 $words
  has err '`launchgate rules list`, `launchgate rules show`, `launchgate rules test`'
done
run 2 help scna
has err 'did you mean `launchgate scan`?'

# What could not be printed is told, whatever it was.
for command in help version "rules list" "scan clean --explain" "scan clean"; do
  code=0
  # shellcheck disable=SC2086
  "$LAUNCHGATE" $command >/dev/full 2>err || code=$?
  [ "$code" = 3 ] || die "$command on a full disk: exit $code"
  has err "stdout: cannot be written"
done
