# What is accepted: inline tags, [[ignore]], the baseline, .gitleaksignore. It leaves the findings and is counted.
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"

git init -q repo && cd repo
mkdir tests
echo "key = $(token tagged) # gitleaks:allow" >tagged.txt
echo "key = $(token reasoned) # launchgate:allow github-pat -- made up" >reasoned.txt
echo "key = $(token tests)" >tests/a.txt
echo "key = $(token listed)" >listed.txt
echo 'listed.txt:github-pat:1' >.gitleaksignore
cat >launchgate.toml <<'END'
[scan]
fail_on = "can-wait"
[[ignore]]
rule = "github-pat"
path = "tests/"
reason = "made-up tokens"
END
run 0 scan . --format json
has out '4 findings are excused'

run 1 scan . --no-ignores --format jsonl
[ "$(count out '"rule":"github-pat"')" = 4 ] || die "four findings without ignores"

# The baseline holds by fingerprint: the secret may move.
echo "key = $(token old)" >old.txt
run 1 scan . --format jsonl
fingerprint=$(grep -o 'lg1:[0-9a-f]*' "$work/out" | head -n 1)
echo "$fingerprint github-pat gh" >launchgate-baseline
git mv -f old.txt moved.txt 2>/dev/null || mv old.txt moved.txt
run 0 scan .

# A tag of ours without a reason is not honoured; an expired ignore is reported and stops working.
echo "key = $(token bare) # launchgate:allow" >bare.txt
run 1 scan . --format jsonl
has out 'gives no reason'
rm bare.txt
sed -i 's/^reason = .*/&\nexpires = 2020-01-31/' launchgate.toml
run 1 scan . --format json
has out 'expired on 2020-01-31'

# Mistakes in the file are configuration errors.
echo '[scna]' >launchgate.toml
run 2 scan .
has err "did you mean 'scan'?"

# What is excluded is not read: not in the tree, nor staged, nor in history, and says so.
cd "$work" && git init -q excluded && cd excluded
printf '[scan]\nexclude = ["vendor/", "*.min.js"]\n' >launchgate.toml
mkdir vendor lib
echo "key = $(token vendored)" >vendor/a.txt
echo "key = $(token minified)" >lib/b.min.js
mkfifo vendor/pipe # would be a "special-file" if the folder were entered
git add -A
run 0 scan . --format json
has out '"reason":"excluded","count":2'
lacks out special-file
run 0 scan . --staged --format json
has out '"reason":"excluded","count":2'
git commit -qm one
run 0 scan . --history --format json
has out '"reason":"excluded","count":2'
# The same content at a path that is not excluded is a finding.
cp vendor/a.txt copied.txt && git add -A && git commit -qm two
run 1 scan . --history --format jsonl
has out '"path":"copied.txt"'
