# This very checkout passes its own gate, as `./dev run` promises: the tree, and its history where all of it is here.
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
git config --global --add safe.directory "$LG_SOURCE_DIR"

run 0 scan "$LG_SOURCE_DIR"
grep -q '^PROMOTE' "$work/out" || die "no verdict"
if git -C "$LG_SOURCE_DIR" rev-parse --is-shallow-repository 2>/dev/null | grep -qx false; then
  run 0 scan "$LG_SOURCE_DIR" --history
  grep -q '^PROMOTE' "$work/out" || die "no verdict over the history"
fi
