# Rules of one's own: the page's example is sound, and the catalogue, .gitleaks.toml, launchgate.toml and --rules add up.
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
docs=$LG_SOURCE_DIR/docs
git init -q repo && cd repo

sed -n '/^```toml$/,/^```$/p' "$docs/rules.md" | sed '1d; /^```$/,$d' >page.toml
grep -q '^samples' page.toml || die "docs/rules.md has lost its example"
run 0 rules test page.toml
has out "1 rule, 10 samples, 0 complaints"
sed 's/^non_samples.*/non_samples = ["acme_<lower:20>"]/' page.toml >wrong.toml
run 1 rules test wrong.toml
has err "finds its non-sample"

rule() { printf '[[rules]]\nid = "%s"\nregex = "%s-([0-9]{6})"\n' "$1" "$1"; }
rule ours-gitleaks >.gitleaks.toml
mkdir conf && rule ours-configured >conf/ours.toml
rule ours-given >given.toml
printf '[scan]\nrules = ["conf/ours.toml"]\n' >launchgate.toml
mkdir sub && printf 'ours-gitleaks-123456\nours-configured-123456\nours-given-123456\n' >sub/a.txt

run 1 scan .
has out ours-gitleaks
has out ours-configured
lacks out "  ours-given"
run 1 scan . --rules given.toml
for id in ours-gitleaks ours-configured ours-given; do has out "  $id"; done
# `rules list` tells what that scan used, from any folder.
cd sub
run 0 rules list
has out ours-gitleaks
has out ours-configured
has out github-pat
lacks out ours-given
run 0 rules show ours-configured
run 2 rules show nobodys-rule
has err "rules list"

# An empty variable is none: CI systems set what a workflow leaves out to "".
cd "$work/repo"
GITLEAKS_CONFIG='' GITLEAKS_CONFIG_TOML='' run 1 scan .
has out ours-gitleaks

# A rule of paths alone can be what another requires; it reports nothing itself when it says so, and an allowlist's paths
# hold for it.
cat >composite.toml <<'END'
[[rules]]
id = "pair"
regex = "pair-[0-9]{6}"
[[rules.required]]
id = "in-settings"
withinLines = 0
[[rules]]
id = "in-settings"
path = "\\.settings$"
skipReport = true
[[rules.allowlists]]
paths = ["^old/"]
END
mkdir old && for file in a.settings old/a.settings a.text; do echo pair-123456 >"$file"; done
run 1 scan . --no-default-rules --rules composite.toml --format jsonl
has out '"rule":"pair","severity":"high-risk","confidence":"medium","path":"a.settings"'
lacks out in-settings
lacks out old/a.settings
lacks out a.text
