# File names are foreign text: no name issues a CI command, moves a cursor or breaks a format.
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
mkdir tree && cd tree
value=$(token name)
for name in $'a\n::error::owned' $'b\r::set-output name=x::y' $'c\e[2J' '##vso[task.setvariable]d' '<e>&"' $'f\xff\xfe' \
  ']]>g' '=cmd|h' $'i\u202ej' '%0A::warning::k' '$(touch owned)' '-rf'; do
  printf 'key = %s\n' "$value" >"./$name"
done
cd ..
for format in text github gitlab sarif json jsonl junit; do
  run 1 scan tree --format "$format"
  ! grep -qE '^(::(error|warning|set-output)::owned|##vso)' out || die "$format lets a name issue a command"
  ! grep -q $'^::error::owned\|^::set-output' out || die "$format: a new line in a name begins a line"
  lacks out $'\e[2J'
  iconv -f UTF-8 -t UTF-8 out >/dev/null || die "$format is no valid UTF-8"
done
run 1 scan tree --format jsonl
[ "$(count out '"rule":"github-pat"')" = 12 ] || die "every file is reported"
python3 -c 'import json,sys; [json.loads(l) for l in sys.stdin]' <out
run 1 scan tree --format junit
xmllint --noout out
[ ! -e owned ] && [ ! -e tree/owned ] || die "a name was executed"

# Names that others chose and that come back in errors and lists, on stderr too.
mkdir told && cd told
printf '[scan]\nrules = ["x\\n::error::owned"]\n' >launchgate.toml
run 2 scan .
has err 'x\x0a::error::owned'
! grep -q '^ *::' "$work/err" || die "an error message issues a command"
printf '[[rules]]\nid = "::error::owned"\nregex = "abcdef"\n' >.gitleaks.toml
rm launchgate.toml
run 0 rules list
has out 'error::owned'
! grep -q '^ *::' "$work/out" || die "a list of rules issues a command"
rm .gitleaks.toml

# An author's name is no link in a comment on a pull request.
git init -q && printf 'key = %s\n' "$value" >a.txt && git add . && git commit -qm one --author 'https://a.example <a@example.org>'
run 1 scan . --history --format markdown
has out '`commit'
lacks out '<https://a.example'
