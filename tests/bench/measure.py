"""How the parts of the benchmark measure, and what they print."""
import os, statistics, subprocess, sys, time
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BIN = ROOT / "build/bench/launchgate"
CORPUS = ROOT / "build/bench-corpus"
ROUNDS = int(os.environ.get("LG_BENCH_ROUNDS", "5"))
ENV = {**os.environ, "LC_ALL": "C", "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_OPTIONAL_LOCKS": "0"}
missed = 0


def timed(argv, cwd=None, stdin=None, env=None):
    """Seconds of wall time; the exit code may be anything launchgate documents but 2 and 4."""
    with open(stdin, "rb") if stdin else open(os.devnull, "rb") as source:
        start = time.perf_counter()
        code = subprocess.run(argv, cwd=cwd, stdin=source, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                              env={**ENV, **(env or {})}).returncode
        took = time.perf_counter() - start
    if argv[0] == str(BIN) and code in (2, 4):
        sys.exit(f"bench: {' '.join(argv)} ended with {code}")
    return took


def timed_whole(argv):
    """The same of a command that must do all of its work; None when it ended in an error."""
    start = time.perf_counter()
    code = subprocess.run(argv, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                          env=ENV).returncode
    return time.perf_counter() - start if code == 0 else None


def medians(rounds, **commands):
    """Runs the commands alternately, after one warm-up of each; name -> median seconds."""
    for run in commands.values():
        run()
    times = {name: [] for name in commands}
    for _ in range(rounds):
        for name, run in commands.items():
            times[name].append(run())
    return {name: statistics.median(t) for name, t in times.items()}


def show(label, value, bar=None, unit="x", at_least=False):
    global missed
    verdict = ""
    if bar is not None:
        good = value >= bar if at_least else value <= bar
        missed += not good
        verdict = f"   bar {'>=' if at_least else '<='} {bar:g}{unit}   {'met' if good else 'MISSED'}"
    print(f"  {label:<58} {value:8.2f}{unit}{verdict}", flush=True)


def peak_private_mib(argv, cwd=None):
    """Largest anonymous memory while it ran, sampled every 2 ms."""
    process = subprocess.Popen(argv, cwd=cwd, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=ENV)
    peak = 0
    while process.poll() is None:
        try:
            for line in Path(f"/proc/{process.pid}/status").read_text().splitlines():
                if line.startswith("RssAnon:"):
                    peak = max(peak, int(line.split()[1]))
        except OSError:
            pass
        time.sleep(0.002)
    return peak / 1024
