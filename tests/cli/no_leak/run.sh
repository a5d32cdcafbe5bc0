# Planted values leave in no output, log, cache or error, in no encoding; whatever the format.
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
git init -q repo && cd repo
git commit -q --allow-empty -m first
secrets=()
plant() { secrets+=("$1"); }
plant "$(token one)"
plant "$(token two)"
plant "correct9Horse$(printf %s Battery7)Staple"
plant "qX7$(printf %s vTm2Lp)Zr8KdWq4"
cat >app.py <<END
TOKEN = "${secrets[0]}"
both = "${secrets[0]}", "${secrets[1]}"  # the same value twice on one line
DATABASE_URL = "postgres://admin:${secrets[2]}@db.example.com:5432/prod"
password = "${secrets[3]}"
END
printf 'API_TOKEN=%s\nPASSWORD=%s\n' "${secrets[1]}" "${secrets[3]}" >.env
git add -A && git commit -qm "Add ${secrets[0]}" && git tag -a v1 -m "release ${secrets[1]}"

outs=()
for f in text json jsonl sarif github gitlab junit gitlab-secret-detection rdjsonl csv markdown html; do
  "$LAUNCHGATE" scan . --format "$f" >/dev/null 2>&1 || [ $? = 1 ] && outs+=(--out "$f=$work/report.$f")
done
[ ${#outs[@]} -ge 14 ] || die "fewer formats than the contract names"
export GITHUB_STEP_SUMMARY=$work/summary GITHUB_OUTPUT=$work/output
for how in "" --staged --history "--range HEAD~1..HEAD" "--verbose --no-ignores"; do
  rm -f "$work"/report.*
  # shellcheck disable=SC2086
  "$LAUNCHGATE" scan . $how "${outs[@]}" --format github >"$work/out" 2>"$work/err" || true
  [ -s "$work/report.json" ] || die "no report for '$how'"
  for secret in "${secrets[@]}"; do
    ! grep -lF -- "$secret" "$work"/report.* "$work"/{out,err,summary,output} || die "a planted value leaked ($how)"
    ! grep -lF -- "$(printf %s "$secret" | base64 -w0 | cut -c1-20)" "$work"/report.* "$work/out" ||
      die "it leaked in base64"
    [ ! -d "$XDG_CACHE_HOME" ] || ! grep -rqF -- "$secret" "$XDG_CACHE_HOME" || die "it leaked into the cache"
  done
done
# Something was found in the first place, or the test proves nothing.
run 1 scan . --format jsonl
[ "$(count out '"rule"')" -ge 5 ] || die "too few findings for this test to mean anything"

# Errors name places, not contents.
printf 'key = %s\n[[[\n' "${secrets[0]}" >"$work/broken.toml"
run 2 scan . --rules "$work/broken.toml"
lacks err "${secrets[0]}"

# A rule of one's own that takes ordinary words: they stand in names of files and in the code shown for other findings.
# The report is made all the same, without that code.
mkdir "$work/loose" && cd "$work/loose" && git init -q
cat >.gitleaks.toml <<'END'
[[rules]]
id = "loose"
regex = '''re_[A-Za-z]{12,}'''
[[rules.allowlists]]
paths = ['''other\.py''']
END
word=re_$(printf %s gistryOfAllServices)
echo "$word()" >a.py
echo "x" >"co$word.bin"
run 1 scan . --format json
has out '"loose"'
printf 'password = "%s"  # %s\n' "${secrets[3]}" "$word" >other.py
mv "co$word.bin" b.bin
for f in text json sarif csv; do
  run 1 scan . --format "$f"
  lacks out "$word"
  lacks out "${secrets[3]}"
done
run 1 scan .
has out "the code of 1 finding is not shown"
