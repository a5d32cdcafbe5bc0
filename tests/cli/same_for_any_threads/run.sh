# Output is the same, byte for byte, for any number of threads.
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
mkdir tree
for i in $(seq 40); do
  mkdir -p "tree/d$((i % 7))/e$((i % 3))"
  printf 'a\nkey = %s\n\0' "$(token "$i")" >"tree/d$((i % 7))/e$((i % 3))/bin$i"
  printf 'a\nkey = %s, %s\n' "$(token "$i")" "$(token "x$i")" >"tree/d$((i % 7))/e$((i % 3))/f$i"
done
for format in json text sarif; do
  run 1 scan tree --threads 1 --format "$format"
  mv out "one.$format"
  for threads in 2 8; do
    run 1 scan tree --threads "$threads" --format "$format"
    cmp out "one.$format" || die "$format differs with $threads threads"
  done
done
