# One line of 64 MB, a secret at its very end, and binary junk: bounded time, nothing lost.
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
mkdir tree
{ head -c 64000000 /dev/zero | tr '\0' 'a'; printf ' key = "%s"\n' "$(token end)"; } >tree/long.txt
run 1 scan tree --format jsonl
has out '"line":1,"column":64000009'
head -c 3000000 /dev/urandom >tree/junk.bin
run 1 scan tree --format json
has out '"binary"'
# A sparse file of 2 GB costs address space, not memory.
if [ -z "${LG_SANITIZED:-}" ]; then
  truncate -s 2G tree/sparse.img
  (ulimit -v 4000000; run 1 scan tree --format jsonl)
fi
