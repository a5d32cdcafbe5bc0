# An old repository is adopted: what is there is accepted, moves with its value, and a changed value is new again.
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
git init -q repo && cd repo
echo "key = $(token old)" >a.py && git add . && git commit -qm a
run 2 baseline show
run 0 baseline create
has out "1 accepted"
lacks out "$(token old)"
! grep -q "$(token old)" launchgate-baseline || die "the baseline holds the value"
run 2 baseline create
run 0 scan .
# Survives a move and edits elsewhere.
mkdir lib && { printf 'one\ntwo\n'; cat a.py; } >lib/b.py && git rm -q a.py -f && git add .
run 0 scan .
# A changed value raises the alarm again.
echo "key = $(token new)" >lib/b.py
run 1 scan .
run 0 baseline show
has out "(unused)"
run 0 baseline update
has out "2 accepted, 1 of them new"
run 0 scan .
[ "$(sort launchgate-baseline)" = "$(cat launchgate-baseline)" ] || die "lines are sorted, so that merges are unions"

# Where launchgate.toml wants it. Until it is made, a scan says how to.
mkdir ci && printf '[scan]\nbaseline = "ci/baseline"\n' >launchgate.toml
rm launchgate-baseline
run 2 scan .
has err "launchgate baseline create"
mkdir sub && cd sub
run 0 baseline create ..
cd ..
[ -s ci/baseline ] && [ ! -e launchgate-baseline ] || die "not where launchgate.toml says"
run 0 scan .
# What is no longer there is named, with a way to be rid of it that works.
rm lib/b.py
run 0 scan .
has out "hide nothing any more"
has out "baseline show"

# A bare repository has no place for one.
git clone -q --bare . ../bare.git
run 2 baseline create --history ../bare.git
has err "--baseline FILE"
run 0 baseline create --history ../bare.git --baseline ../bare.baseline

# gitleaks' reports in the formats it writes, and other tools' SARIF, which tells nothing.
git init -q "$work/others" && cd "$work/others"
echo "key = $(token listed)" >listed.py && echo "key = $(token new)" >new.py && git add -A && git commit -qm one
python3 - "$(token listed)" "$work" <<'PY'
import csv, json, sys
secret, work = sys.argv[1:]
names = "RuleID Commit File SymlinkFile Secret Match StartLine EndLine StartColumn EndColumn Author Message Date".split()
row = {"RuleID": "other-rule", "File": "./listed.py", "Secret": secret, "Match": "a, \"b\"\n" + secret, "StartLine": 9, "EndLine": 9}
json.dump([row], open(f"{work}/report.json", "w"))
with open(f"{work}/report.csv", "w", newline="") as file:
    writer = csv.DictWriter(file, names)
    writer.writeheader()
    writer.writerow(row)
for tool in ("gitleaks", "else"):
    place = {"artifactLocation": {"uri": "listed.py"}, "region": {"startLine": 9, "endLine": 9, "snippet": {"text": secret}}}
    result = {"ruleId": "other-rule", "locations": [{"physicalLocation": place}], "partialFingerprints": {"commitSha": ""}}
    run = {"tool": {"driver": {"name": tool}}, "results": [result, 5, {}]}
    json.dump({"version": "2.1.0", "runs": [run]}, open(f"{work}/{tool}.sarif", "w"))
PY
run 1 scan . --format jsonl
[ "$(count out '"rule":"github-pat"')" = 2 ] || die "two without a list"
for list in report.json report.csv gitleaks.sarif; do
  run 1 scan . --baseline "$work/$list" --format jsonl
  has out '"path":"new.py"'
  lacks out '"path":"listed.py"'
done
run 2 scan . --baseline "$work/else.sarif"
has err "no known scanner"
