# hook install, then a real `git commit` through the real hook; ci init.
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
git init -q repo && cd repo
mkdir "$work/bin" && ln -s "$LAUNCHGATE" "$work/bin/launchgate"
export PATH=$work/bin:$PATH
run 0 hook install
[ -x .git/hooks/pre-commit ] || die "no executable hook"
run 0 hook install # again is fine

echo fine >a.txt && git add a.txt && git commit -qm fine || die "a clean commit must pass"
echo "key = $(token hook)" >b.py && git add b.py
if git commit -qm leak 2>"$work/err" >"$work/out"; then die "the hook let a secret through"; fi
grep -q b.py "$work/out" "$work/err" || die "the hook does not say where"
# Fixed in the work tree but not in the index: the index is what will be committed.
echo fine >b.py
if git commit -qm leak >/dev/null 2>&1; then die "the hook looked at the work tree"; fi
git add b.py && git commit -qm fixed || die "the mended commit must pass"

# Somebody else's hook is left alone.
printf '#!/bin/sh\ntrue\n' >.git/hooks/pre-push
run 2 hook install pre-push
has err "add this line"
run 2 hook install pre-lunch
run 0 hook install pre-receive
! grep -q no-verify .git/hooks/pre-receive || die "nobody goes around a server's hook with --no-verify"

# A hook whose program is gone does not pass in silence.
rm "$work/bin/launchgate" && echo more >>a.txt && git add a.txt
if PATH=$(dirname "$(command -v git)"):/usr/bin:/bin git commit -qm gone >"$work/out" 2>&1; then die "passed without launchgate"; fi

# At the root, wherever one stands: nowhere else does a CI look.
mkdir sub && cd sub
run 0 ci init github
cd ..
[ -s .github/workflows/launchgate.yml ] || die "no workflow"
run 2 ci init github
has err "left as it is"
run 0 ci init gitlab --stdout
has out GIT_DEPTH

# docs/ci.md shows what is written, to the letter.
page=$LG_SOURCE_DIR/docs/ci.md
for ci in github gitlab; do
  run 0 ci init $ci --stdout
  python3 - "$work/out" "$page" <<'PY' || die "docs/ci.md shows another recipe for $ci"
import sys
recipe, page = (open(name, encoding="utf-8").read() for name in sys.argv[1:])
sys.exit(0 if "```yaml\n" + recipe + "```\n" in page else 1)
PY
done

# pre-push: of a new branch only what the remote does not have; and the text of a tag.
git init -q "$work/push" && cd "$work/push"
ln -sf "$LAUNCHGATE" "$work/bin/launchgate"
export PATH=$work/bin:$PATH
echo "key = $(token published)" >old.py && git add -A && git commit -qm old
git init -q --bare "$work/server.git" && git remote add origin "$work/server.git" && git push -q origin main
run 0 hook install pre-push
git checkout -q -b topic && echo clean >new.txt && git add -A && git commit -qm clean
git push -q origin topic 2>"$work/err" || { cat "$work/err" >&2; die "a clean new branch must pass: the rest is on the remote"; }
if git push -q "$work/server.git" topic:elsewhere >/dev/null 2>&1; then die "a remote without a name: everything is looked at"; fi
git tag -a v1 -m "release with $(token tagtext)"
if git push -q origin v1 >"$work/out" 2>&1; then die "a tag's text is pushed too"; fi
grep -q "tag message" "$work/out" || die "the tag's text is not named"
git tag -a v2 -m "a clean one" && git push -q origin v2 || die "a clean tag must pass"
echo "key = $(token fresh)" >fresh.py && git add -A && git commit -qm fresh
if GITHUB_ACTIONS=true GITHUB_EVENT_NAME=push GITHUB_SHA=$(git rev-parse main) git push -q origin topic >/dev/null 2>&1; then
  die "a job that pushes is asked about what it pushes"
fi

# husky writes .husky/_/NAME anew; its users write .husky/NAME.
git init -q "$work/husky" && cd "$work/husky" && mkdir -p .husky/_ && git config core.hooksPath .husky/_
printf '#!/bin/sh\n. "$(dirname "$0")/h"\n' >.husky/_/pre-commit
run 2 hook install
has err "/.husky/pre-commit: launchgate scan --staged"
