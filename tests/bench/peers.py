"""Other scanners beside launchgate, where they are installed."""
import json, shutil, subprocess, sys, tempfile, time
from pathlib import Path

from corpora import source_trees, repositories
from measure import BIN, ENV


def json_list(path):
    text = Path(path).read_text()
    return len(json.loads(text)) if text.strip() else 0


def lines(path):
    return Path(path).read_text(errors="replace").count("\n")


# name: (command of a history, of a tree, how the findings are counted in what it wrote). {at} and {out} are filled in;
# without {out} it is the standard output that is counted. Nobody verifies, nobody asks a network.
PEERS = {
    "gitleaks": ("gitleaks git {at} --report-path {out} --report-format json --exit-code 0 --no-banner",
                 "gitleaks dir {at} --report-path {out} --report-format json --exit-code 0 --no-banner", json_list),
    "betterleaks": ("betterleaks git {at} --report-path {out} --report-format json --exit-code 0",
                    "betterleaks dir {at} --report-path {out} --report-format json --exit-code 0", json_list),
    "trufflehog": ("trufflehog git file://{at} --no-verification --no-update --json",
                   "trufflehog filesystem {at} --no-verification --no-update --json", lines),
    "kingfisher": ("kingfisher scan {at} --no-validate --format jsonl --output {out}",
                   "kingfisher scan {at} --git-history none --no-validate --format jsonl --output {out}", lines),
    "ripsecrets": (None, "ripsecrets {at}", lines),
}
OURS = ("{bin} scan {at} --history --format jsonl", "{bin} scan {at} --format jsonl", lines)


def run_peer(command, count, at):
    """(seconds, findings)"""
    with tempfile.NamedTemporaryFile(suffix=".json") as out, tempfile.TemporaryFile() as printed:
        argv = [word.format(at=at, out=out.name, bin=BIN) for word in command.split()]
        start = time.perf_counter()
        code = subprocess.run(argv, stdin=subprocess.DEVNULL, stdout=printed if "{out}" in command else out,
                              stderr=subprocess.DEVNULL, env=ENV).returncode
        took = time.perf_counter() - start
        if argv[0] == str(BIN) and code in (2, 4):
            sys.exit(f"bench: {' '.join(argv)} ended with {code}")
        return took, count(out.name)


def bench_peers():
    """Wall time with as many threads as each takes by itself, and what each reports by its own rules and levels."""
    places = [(0, "history", repo) for repo in repositories()]
    places += [(1, "tree", tree) for tree in source_trees()]
    for kind, word, at in places:
        print(f"peers: {word} of {at.parent.name if at.name == 'repo' else at.name}, verification off")
        ours, found = run_peer(OURS[kind], OURS[2], at)
        print(f"  {'launchgate':<14} {ours:8.2f} s            {found:7} findings", flush=True)
        for name, peer in PEERS.items():
            if peer[kind] is None:
                continue
            if shutil.which(name) is None:
                print(f"  {name:<14} not installed, not measured")
                continue
            took, found = run_peer(peer[kind], peer[2], at)
            print(f"  {name:<14} {took:8.2f} s {took / ours:8.1f}x  {found:7} findings", flush=True)
