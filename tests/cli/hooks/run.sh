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
