#!/usr/bin/env bash
# The files other tools read from this repository are valid by those tools' own schemas.
set -euo pipefail
cd "$LG_SOURCE_DIR"
schemas=${LG_SHARED:-../shared}/schemas
[ -d "$schemas" ] || { echo "skipped: no schemas in LG_SHARED or ../shared"; exit 0; }
python3 -c 'import yaml, jsonschema' 2>/dev/null || { echo "skipped: no python3-yaml or python3-jsonschema"; exit 0; }
check() { python3 tests/support/yaml_schema.py "$schemas/$1" "${@:2}"; }

check github-action.json action.yml
check github-workflow.json .github/workflows/*.yml
check pre-commit-hooks.json .pre-commit-hooks.yaml
check gitlab-ci.json templates/launchgate/template.yml

# Inputs reach a script by its environment: text put into a script by the runner would be run.
if awk '/run: \|/ { inside = 1; next } /^ *- id:/ { inside = 0 } inside' action.yml | grep -F '${{'; then
  echo "action.yml: an expression inside a script"
  exit 1
fi
echo "valid: action.yml, workflows, hooks manifest, GitLab component"
