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
