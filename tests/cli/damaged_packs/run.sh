# scan --history in a repository that is damaged: told with exit 3, never a crash and never less in silence.
source "$(dirname "${BASH_SOURCE[0]}")/../lib.sh"
git init -q repo && cd repo
for i in $(seq 12); do
  echo "line $i" >>a.txt
  echo "key = $(token "k$i")" >"k$i.py"
  git add -A && git commit -qm "c$i"
done
git repack -adfq
idx=$(ls .git/objects/pack/*.idx)
chmod u+w .git/objects/pack/*
cp -r . "$work/whole"

# Every offset of the index in turn made wrong in its lowest and its highest byte.
python3 - "$idx" "$LAUNCHGATE" "$work" <<'PY' || die "a wrong offset"
import struct, subprocess, sys
idx, launchgate, work = sys.argv[1:]
whole = open(idx, "rb").read()
count = struct.unpack(">I", whole[8 + 255 * 4:8 + 256 * 4])[0]
first = 8 + 1024 + 24 * count
def scan():
    done = subprocess.run([launchgate, "scan", ".", "--history", "--format", "jsonl", "--threads", "2"], capture_output=True)
    return done.returncode, done.stdout.count(b'"rule":"github-pat"')
assert scan() == (1, 12), scan()
for entry in range(0, count, 3):
    for at, bit in ((0, 0x40), (2, 0x10), (3, 0x01)):
        bytes_ = bytearray(whole)
        bytes_[first + 4 * entry + at] ^= bit
        open(idx, "wb").write(bytes_)
        code, found = scan()
        if code not in (1, 3): sys.exit(f"exit {code} at entry {entry}, byte {at}")
open(idx, "wb").write(whole)
PY

# One content that is lost in one pack and whole in another is not lost.
cd "$work/whole"
blob=$(git rev-parse HEAD:k5.py)
echo "$blob" | git pack-objects -q .git/objects/pack/pack >/dev/null
python3 - "$blob" <<'PY'
import glob, os, subprocess, sys
for idx in glob.glob(".git/objects/pack/*.idx"):
    listed = subprocess.run(["git", "show-index"], stdin=open(idx, "rb"), capture_output=True, text=True).stdout.split("\n")
    rows = [line.split() for line in listed if line]
    if len(rows) < 2: continue
    offset = next(int(row[0]) for row in rows if row[1] == sys.argv[1])
    pack = idx[:-4] + ".pack"
    os.chmod(pack, 0o644)
    with open(pack, "r+b") as file:
        file.seek(offset + 3)
        file.write(b"\xff\xff\xff\xff")
PY
run 1 scan . --history --format jsonl
[ "$(count out '"rule":"github-pat"')" = 12 ] || die "the whole copy was not taken"
run 1 scan . --history
lacks out unreadable

# Deltas that are each other's base, or their own, and sizes that lie: told, and soon.
git init -q "$work/circle" && cd "$work/circle"
echo "key = $(token fine)" >fine.py && git add -A && git commit -qm one
python3 - <<'PY'
import hashlib, struct, subprocess, zlib
ids = sorted(hashlib.sha1(b"%d" % i).digest() for i in range(4))
copy = b"\x0a\x0a\x90\x0a"  # of ten bytes, to ten bytes: all of them
def by_name(base): return bytes([0x70 | len(copy)]) + base + zlib.compress(copy)
entries = [by_name(ids[1]), by_name(ids[0]), by_name(ids[2]), b"\xbf\xff\xff\xff\xff\x7f" + zlib.compress(b"x")]
pack, offsets = b"PACK" + struct.pack(">II", 2, 4), []
for entry in entries:
    offsets.append(len(pack))
    pack += entry
pack += hashlib.sha1(pack).digest()
fanout = b"".join(struct.pack(">I", sum(i[0] <= first for i in ids)) for first in range(256))
idx = b"\377tOc" + struct.pack(">I", 2) + fanout + b"".join(ids) + bytes(16) + b"".join(struct.pack(">I", o) for o in offsets)
idx += pack[-20:]
idx += hashlib.sha1(idx).digest()
for ending, content in ((".pack", pack), (".idx", idx)):
    open(".git/objects/pack/pack-" + "c" * 40 + ending, "wb").write(content)
def made(kind, content):
    return subprocess.run(["git", "hash-object", "-w", "--stdin", "--literally", "-t", kind], input=content,
                          capture_output=True, check=True).stdout.strip().decode()
tree = made("tree", b"".join(b"100644 f%d\0" % i + ids[i] for i in range(4)))
commit = made("commit", f"tree {tree}\nauthor a <a@b> 1 +0000\ncommitter a <a@b> 1 +0000\n\nx\n".encode())
open(".git/refs/heads/circle", "w").write(commit + "\n")
PY
got=0
timeout 20 "$LAUNCHGATE" scan . --history >"$work/out" 2>"$work/err" || got=$?
[ "$got" = 1 ] || die "exit $got"
has out "4 unreadable"
