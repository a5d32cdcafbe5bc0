#!/usr/bin/env bash
# The action's own script, run as a runner runs it: annotations, summary, outputs, SARIF and exit code.
set -euo pipefail
python3 -c 'import yaml' 2>/dev/null || { echo "skipped: no python3-yaml"; exit 0; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 - "$LG_SOURCE_DIR/action.yml" > "$work/step.sh" <<'PY'
import sys, yaml
print(next(s["run"] for s in yaml.safe_load(open(sys.argv[1]))["runs"]["steps"] if s["id"] == "run"))
PY

# run_step ARGS FOLDER: leaves $code, and out, summary, outputs in $work
run_step() {
  : > "$work/outputs"; : > "$work/summary"
  code=0
  (cd "$2" && env LAUNCHGATE="$LAUNCHGATE" INPUT_ARGS="$1" INPUT_FAIL_ON="${fail_on:-}" INPUT_SARIF="$work/x.sarif" \
    INPUT_SUMMARY="${summary:-true}" GITHUB_OUTPUT="$work/outputs" GITHUB_STEP_SUMMARY="$work/summary" \
    bash --noprofile --norc -eo pipefail "$work/step.sh" > "$work/out") || code=$?
}
fail() { echo "FAIL: $1"; cat "$work/out" "$work/summary" "$work/outputs"; exit 1; }

mkdir "$work/clean" "$work/leak"
echo 'hello' > "$work/clean/a.txt"
run_step "scan ." "$work/clean"
[ "$code" = 0 ] || fail "clean: exit $code"
grep -qx 'findings=0' "$work/outputs" || fail "clean: outputs"
grep -qx 'decided=true' "$work/outputs" || fail "clean: decided"
grep -qx 'exit-code=0' "$work/outputs" || fail "clean: exit-code"
grep -q '^### launchgate: .*nothing found' "$work/summary" || fail "clean: summary"
grep -q '"results":\[\]' "$work/x.sarif" || fail "clean: SARIF is written, so that alerts close"
! grep -q '^::' "$work/out" || fail "clean: annotations"

# A private key, made here so that no file of ours holds one.
openssl genrsa -traditional 1024 2>/dev/null > "$work/leak/##[error]k.pem"
run_step $'scan\n.' "$work/leak"
[ "$code" = 1 ] || fail "leak: exit $code"
grep -q '^::error file=' "$work/out" || fail "leak: annotation"
! grep -q '##\[' "$work/out" || fail "leak: a file name issues a command"
grep -qx 'exit-code=1' "$work/outputs" || fail "leak: exit-code"
grep -q '"ruleId"' "$work/x.sarif" || fail "leak: SARIF"
! grep -qF "$(sed -n 3p "$work/leak/##[error]k.pem")" "$work/out" "$work/summary" "$work/x.sarif" || fail "leak: key material"

[ "$(grep -c '^### launchgate' "$work/summary")" = 1 ] || fail "leak: not one summary"

summary=false run_step "scan ." "$work/leak"
[ ! -s "$work/summary" ] || fail "summary: not wanted, yet written"

run_step "scan --no-such-option" "$work/clean"
[ "$code" = 2 ] || fail "usage: exit $code"
grep -qx 'exit-code=2' "$work/outputs" || fail "usage: exit-code"
echo "the action's step: clean 0, leak 1, usage 2"
