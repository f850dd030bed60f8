"""Samples the stacks of a gateway worker as it works; Python loads it by its name from PYTHONPATH (bench/profiling.py).

Every millisecond of CPU time the kernel sends a signal, whose handler counts what is running. What C code spends counts
for the Python function that called it. At the end of the process the counts go to `BENCH_PROFILE/<role>-<pid>.json`.
"""

import atexit
import json
import os
import signal
import sys
from collections import Counter
from pathlib import Path
from types import FrameType

_INTERVAL_S = 0.001
_MODULE = "farebox.boot.process"


class Sampler:
    """`own` counts a function when it runs, `whole` when it is anywhere on the stack."""

    def __init__(self, file: Path) -> None:
        self._file = file
        self._own: Counter[str] = Counter()
        self._whole: Counter[str] = Counter()

    def start(self) -> None:
        signal.signal(signal.SIGPROF, self._sample)
        signal.setitimer(signal.ITIMER_PROF, _INTERVAL_S, _INTERVAL_S)
        atexit.register(self._write)

    def _sample(self, _: int, frame: FrameType | None) -> None:
        if frame is None:
            return
        self._own[_name(frame)] += 1
        stack = set()
        at: FrameType | None = frame
        while at is not None:
            stack.add(_name(at))
            at = at.f_back
        self._whole.update(stack)

    def _write(self) -> None:
        signal.setitimer(signal.ITIMER_PROF, 0)
        self._file.write_text(json.dumps({"own": self._own, "whole": self._whole}))


def _name(frame: FrameType) -> str:
    code = frame.f_code
    return f"{'/'.join(code.co_filename.split('/')[-2:])}:{code.co_qualname}"


if "BENCH_PROFILE" in os.environ and _MODULE in sys.orig_argv:
    _role = sys.orig_argv[sys.orig_argv.index(_MODULE) + 1]
    if _role == "gateway":
        Sampler(Path(os.environ["BENCH_PROFILE"]) / f"{_role}-{os.getpid()}.json").start()
