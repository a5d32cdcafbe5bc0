#!/usr/bin/env bash
# Every header and library that the release build looks for is in a package of the first part of deps.apt, the
# part that `./dev run` installs: packages.sh SOURCE_DIR. A machine that runs the tests has all the parts, and
# so cannot see by building that one is in the wrong part.
set -euo pipefail
command -v dpkg-query >/dev/null || { echo "no dpkg on this machine"; exit 77; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cmake -S "$1" --preset release -B "$work/build" >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }
sed -n '/^# -- build$/,/^# -- test$/p' "$1/deps.apt" | grep -v '^#' | sort >"$work/installed"
wrong=0 seen=0
while read -r file; do
  seen=$((seen + 1))
  package=$(dpkg-query -S "$file" | cut -d: -f1)
  grep -qxF "$package" "$work/installed" || { echo "$file is in $package, which ./dev run does not install"; wrong=1; }
done <"$work/build/external_files.txt"
[ "$seen" -ge 10 ] || { echo "only $seen files were looked for"; exit 1; }
exit "$wrong"
