"""The smoke checks against a server that says when it was asked."""
import os, shutil, statistics, subprocess, sys, tempfile, time
from pathlib import Path

from measure import ROOT, BIN, ROUNDS, ENV, timed, timed_whole, show


class Site:
    """bench_smoke_server while it runs; afterwards: requests, busy (seconds of its own), fails (when each came)."""

    def __enter__(self):
        self.process = subprocess.Popen([ROOT / "build/bench/bench_smoke_server"], stdout=subprocess.PIPE, text=True)
        self.origin = f"http://127.0.0.1:{int(self.process.stdout.readline())}"
        return self

    def __exit__(self, *_):
        self.process.terminate()
        lines = self.process.communicate(timeout=10)[0].split()
        numbers = dict(word.split("=") for word in lines if not word.startswith("fail_us"))
        self.requests, self.busy = int(numbers["requests"]), int(numbers["busy_us"]) / 1e6
        self.fails = [int(word[8:]) / 1e6 for word in lines if word.startswith("fail_us")]


FOUR_CHECKS = """
[check.login-page]
get    = "/login"
expect = { status = 200, form = "#login" }
budget = { p95 = "800ms", samples = 20 }
[check.api]
get    = "/api/health"
expect = { status = 200, json."/status" = "ok" }
[check.auth]
login   = { page = "/login", user = "bench", password = "$SMOKE_PASSWORD" }
expect  = { cookie = "session", not_form = "#login" }
success = { rate = 0.95, runs = 10, pace = "0s" }
[check.dashboard]
use    = "auth"
get    = "/dashboard"
expect = { status = 200, text = "Sign out", anonymous = "denied" }
budget = { max = "2s" }
"""


def smoke_run(site, folder, checks, code=0, gate=""):
    """Seconds and peak private MiB of one `launchgate smoke`, which must end with `code`."""
    config = Path(folder) / "launchgate.toml"
    config.write_text(f'base = "{site.origin}"\n{gate}\n{checks}')
    argv = [str(BIN), "smoke", "--config", str(config)]
    env = {**ENV, "SMOKE_PASSWORD": os.urandom(9).hex(), "no_proxy": "127.0.0.1"}
    start = time.perf_counter()
    process = subprocess.Popen(argv, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env=env)
    peak = 0
    while process.poll() is None:
        try:
            for line in Path(f"/proc/{process.pid}/status").read_text().splitlines():
                if line.startswith("RssAnon:"):
                    peak = max(peak, int(line.split()[1]))
        except OSError:
            pass
        time.sleep(0.0005)
    took = time.perf_counter() - start
    if process.returncode != code:
        sys.exit(f"bench: smoke ended with {process.returncode}:\n{process.stdout.read().decode()}")
    return took, peak / 1024


def bench_smoke():
    print("smoke: a site on loopback that counts its own time")
    with tempfile.TemporaryDirectory() as folder:
        overheads, peaks = [], []
        for _ in range(ROUNDS):
            with Site() as site:
                took, peak = smoke_run(site, folder, FOUR_CHECKS)
            overheads.append(took - site.busy), peaks.append(peak)
        show(f"four checks ({site.requests} requests), beyond the server's time", statistics.median(overheads) * 1e3, 50, " ms")
        show("private memory", max(peaks), 30, " MiB")
        with Site() as curl:
            argv = ["curl", "-sS", "--noproxy", "*"]
            for _ in range(site.requests):
                argv += [curl.origin + "/login", "-o", "/dev/null"]
            took = timed(argv)
        show("curl, as many requests for one page, beyond the server's time", (took - curl.busy) * 1e3, unit=" ms")
        if shutil.which("k6"):
            with Site() as k6:
                took = timed_whole(["k6", "run", "--quiet", "--no-usage-report", "-e", f"SITE={k6.origin}",
                                    "-e", f"PASSWORD={os.urandom(9).hex()}", ROOT / "tests/bench/four_checks.js"])
            if took:
                show("k6, the same four checks, beyond the server's time", (took - k6.busy) * 1e3, unit=" ms")
            else:
                print("  k6 did not end well: not measured")

        many = "[check.many]\nget = \"/api/health\"\nbudget = { max = \"5s\", samples = 200%s }\n"
        probes = "".join(f'[check.c{i}]\nget = "/api/health"\nexpect = {{ json."/status" = "ok" }}\n' for i in range(200))
        with Site() as site:
            took, peak = smoke_run(site, folder, probes)
            show("200 checks, one probe each", took, 1, " s")
            show("private memory", peak, 30, " MiB")
            show("200 samples of one check, one connection", smoke_run(site, folder, many % "")[0], 1, " s")
            show("200 samples of one check, a new connection each",
                 smoke_run(site, folder, many % ', conn = "fresh"')[0], 1, " s")
            slow = site.origin + "/slow"
            out = subprocess.check_output([ROOT / "build/bench/bench_probes", slow, "200"], text=True)
            got = dict(word.split("=") for word in out.split())
            if got["answered"] != "200":
                sys.exit(f"bench: of 200 probes {got['answered']} were answered")
            show("200 probes at once, each answered after 100 ms", float(got["seconds"]), 1, " s")
            show("private memory, client alone", int(got["rss_anon_kib"]) / 1024, 30, " MiB")
            argv = ["curl", "-sS", "--noproxy", "*", "-Z", "--parallel-immediate", "--parallel-max", "200"]
            for _ in range(200):
                argv += [slow, "-o", "/dev/null"]
            show("curl -Z, the same", timed(argv), unit=" s")

        with Site() as site:
            smoke_run(site, folder, '[check.down]\nget = "/fail"\n', 1, 'gate = { consecutive = 4, spacing = "700ms" }')
        errors = [abs(b - a - 0.7) for a, b in zip(site.fails, site.fails[1:])]
        show(f"retry spacing, largest error of {len(errors)}", max(errors) * 1e3, 50, " ms")
