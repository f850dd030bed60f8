"""`python -m bench.console`: how soon the console can be used, measured by Lighthouse on two throttled phones.

A telephone of the middle class is a processor four times slower than this machine's. Its network is Chrome's "Fast 4G"
(9 Mbit/s, 60 ms round trip: the profile that the bar is about) or Lighthouse's own default, "slow 4G" (1.6 Mbit/s,
150 ms). Lighthouse loads the page as fast as this machine can, then simulates the phone: a busy machine makes a slow
phone. Exit status: 1 when one of the pages that the bar is about misses it.
"""

import argparse
import contextlib
import datetime as dt
import http.client
import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from bench import cpu
from bench.peers import PeerMissing, lighthouse_command
from bench.report import write_json
from bench.systems import SystemFailed, clean_environment, first_line, free_port, running

RESULTS = Path(__file__).parent / "results"
PAGES = ("/", "/models", "/quick-start", "/status", "/sign-in", "/dashboard", "/admin")
PROFILES = {
    "fast-4g": ("--throttling.rttMs=60", "--throttling.throughputKbps=9000", "--throttling.cpuSlowdownMultiplier=4"),
    "slow-4g": ("--throttling.rttMs=150", "--throttling.throughputKbps=1638", "--throttling.cpuSlowdownMultiplier=4"),
}
_BAR_MS, _BAR_PROFILE, _BAR_PAGES = 1500, "fast-4g", ("/", "/models", "/sign-in", "/dashboard")
_AREAS = ("/dashboard", "/admin")
_MEASURES = {
    "first_paint_ms": "first-contentful-paint",
    "interactive_ms": "interactive",
    "blocked_ms": "total-blocking-time",
    "shift": "cumulative-layout-shift",
}
_SCORES = ("performance", "accessibility", "best-practices")
_COMPRESSED = ("Script", "Stylesheet")
_CHROMIUM = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
_CHROMIUM_FLAGS = "--headless=new --no-sandbox --disable-gpu --disable-dev-shm-usage"
_COMMAND = str(Path(sys.executable).with_name("farebox"))
_PAGE_LIMIT_S = 180
_TRIES = 3


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.console", description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="how often each page is loaded; the median counts")
    parser.add_argument("--pages", nargs="+", default=PAGES, help="these pages only")
    parser.add_argument("--profiles", nargs="+", choices=PROFILES, default=tuple(PROFILES), help="these phones only")
    given = parser.parse_args()
    try:
        lighthouse, version = lighthouse_command()
        browser = _chromium()
    except PeerMissing as missing:
        print(f"not measured: {missing}", file=sys.stderr)
        return 0
    rows = []
    with tempfile.TemporaryDirectory(prefix="farebox-bench-") as name, _console(Path(name)) as (url, headers):
        for profile in given.profiles:
            for page in given.pages:
                # Whoever is signed in already is sent on from the door.
                known = (f"--extra-headers={headers}",) if page.startswith(_AREAS) else ()
                command = (*lighthouse, f"{url}{page}", *PROFILES[profile], *known)
                reports = [_report(command, browser, Path(name)) for _ in range(given.rounds)]
                rows.append({"profile": profile, "page": page, **_medians(reports)})
                print(_line(rows[-1]), flush=True)
    if set(given.pages) == set(PAGES) and set(given.profiles) == set(PROFILES):
        _publish(rows, version, given.rounds)
    barred = [row for row in rows if row["profile"] == _BAR_PROFILE and row["page"] in _BAR_PAGES]
    return int(any(row["interactive_ms"] > _BAR_MS for row in barred))


def _publish(rows: list[dict[str, Any]], version: str, rounds: int) -> None:
    now = dt.datetime.now(dt.UTC)
    path = RESULTS / f"{now.date()}-console.json"
    facts = {"date": now.isoformat(timespec="seconds"), "machine": cpu.machine_facts(), "lighthouse": version}
    write_json(path, {**facts, "rounds": rounds, "rows": rows})
    print(f"written to {os.path.relpath(path)}", file=sys.stderr)


def _chromium() -> str:
    found = next(filter(None, map(shutil.which, _CHROMIUM)), None)
    if found is None:
        raise PeerMissing("no Chromium is installed")
    return found


@contextlib.contextmanager
def _console(scratch: Path) -> Iterator[tuple[str, Path]]:
    """A node with its demo, and the headers of somebody who is signed in there."""
    # As root, PostgreSQL runs as another user, who has to pass through.
    scratch.chmod(0o711)
    log = scratch / "farebox.log"
    ports = ("--port", str(free_port()), "--admin-port", str(free_port()))
    command = (_COMMAND, "serve", "--json-ready", "--workers", "1", "--data", str(scratch / "data"), *ports)
    with running(command, log, env=clean_environment(FAREBOX_LOG_LEVEL="warning"), says_ready=True) as process:
        ready = first_line(process, log)
        headers = scratch / "headers.json"
        headers.write_text(json.dumps({"cookie": _sign_in(ready)}))
        yield str(ready["url"]).rstrip("/"), headers


def _sign_in(ready: dict[str, object]) -> str:
    told = {"email": ready["operator_email"], "password": ready["operator_password"]}
    host = str(ready["url"]).partition("//")[2].rstrip("/")
    with contextlib.closing(http.client.HTTPConnection(host, timeout=30)) as connection:
        connection.request("POST", "/api/session", json.dumps(told), {"content-type": "application/json"})
        cookies = connection.getresponse().headers.get_all("set-cookie") or []
    return cookies[0].partition(";")[0]


def _report(command: tuple[str, ...], browser: str, scratch: Path) -> dict[str, Any]:
    path = scratch / "report.json"
    told = (f"--output-path={path}", "--output=json", "--quiet", f"--chrome-flags={_CHROMIUM_FLAGS}")
    env = {**clean_environment(), "CHROME_PATH": browser}
    for _ in range(_TRIES):
        # On a busy machine it sometimes misses the beginning, and says to run it again.
        if subprocess.run((*command, *told), check=False, env=env, timeout=_PAGE_LIMIT_S).returncode == 0:
            break
    else:
        raise SystemFailed("Lighthouse could not measure the page")
    report: dict[str, Any] = json.loads(path.read_text())
    return report


def _medians(reports: list[dict[str, Any]]) -> dict[str, Any]:
    measured = {
        name: round(statistics.median(each["audits"][audit]["numericValue"] for each in reports), 3)
        for name, audit in _MEASURES.items()
    }
    scores = {name: statistics.median(each["categories"][name]["score"] for each in reports) for name in _SCORES}
    requests = reports[0]["audits"]["network-requests"]["details"]["items"]
    size = sum(each["transferSize"] for each in requests if each["resourceType"] in _COMPRESSED)
    return {**measured, **scores, "script_and_style_bytes": size, "requests": len(requests)}


def _line(row: dict[str, Any]) -> str:
    scores = " ".join(f"{name} {row[name] * 100:.0f}" for name in _SCORES)
    return (
        f"{row['profile']} {row['page']:12} interactive {row['interactive_ms'] / 1000:.2f} s, "
        f"first paint {row['first_paint_ms'] / 1000:.2f} s, shift {row['shift']:.3f}, "
        f"{row['script_and_style_bytes'] / 1000:.0f} kB in {row['requests']} requests; {scores}"
    )


if __name__ == "__main__":
    sys.exit(main())
