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
