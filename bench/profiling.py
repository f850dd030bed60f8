"""`python -m bench.profiling`: where a gateway worker's time goes under plain completions, function by function."""

import argparse
import json
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from bench import cpu, load, streams
from bench.node import farebox
from bench.systems import Target, providers

_SAMPLER = Path(__file__).parent / "sampler"
_STREAMS = streams.Plan(streams=1000, window_s=5, ramp_s=2, gap_s=0.05)


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m bench.profiling", description=__doc__)
    parser.add_argument("--seconds", type=float, default=10)
    parser.add_argument("--lines", type=int, default=40)
    parser.add_argument("--streams", action="store_true", help="a thousand streams instead of plain completions")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="farebox-bench-profile-") as name:
        scratch = Path(name)
        scratch.chmod(0o711)
        more = {"PYTHONPATH": str(_SAMPLER), "BENCH_PROFILE": str(scratch)}
        with (
            providers(scratch, chunks=_STREAMS.chunks, gap_ms=_STREAMS.gap_s * 1000) as direct,
            farebox(scratch, direct, more) as node,
        ):
            if given.streams:
                print(streams.stream(node.plain, _STREAMS))
            else:
                _load(node.plain, given.seconds)
        found = max(scratch.glob("gateway-*.json"), key=lambda path: path.stat().st_size)
        _print(json.loads(found.read_text()), given.lines)
    return 0


def _load(target: Target, seconds: float) -> None:
    before = cpu.look(target.groups())
    run = load.load(target, connections=64, seconds=seconds)
    spent = before.until_now().cpu_s
    print(f"{run.per_second:,.0f}/s {run.wrong}")
    print({group: f"{cpu_s * 1e6 / max(1, run.answers):.0f} µs" for group, cpu_s in spent.items()})


def _print(found: dict[str, dict[str, int]], lines: int) -> None:
    everything = sum(found["own"].values())
    for title, names in (("own time", found["own"]), ("with what it calls", found["whole"])):
        print(f"\n{title}: percent of {everything:,} samples")
        _print_some(Counter(names).most_common(lines), everything)


def _print_some(counts: Sequence[tuple[str, int]], everything: int) -> None:
    for name, count in counts:
        print(f"{count * 100 / everything:6.1f}  {name}")


if __name__ == "__main__":
    sys.exit(main())
