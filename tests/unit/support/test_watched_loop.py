"""The watch over the event loop, which all asynchronous tests rely on."""

import asyncio
import contextlib
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from tests.support.watched_loop import LONGEST_CALLBACK_S, WatchedLoop, blocking_callbacks

RIVALS = 3
_BUSY = "print(flush=True)\nwhile True: pass"


def test_a_callback_that_sleeps_or_works_for_long_is_told():
    """Waiting and computing both keep the loop from everybody else; what is short does not."""
    assert len(_blocked_by(lambda: time.sleep(LONGEST_CALLBACK_S + 0.1))) == 1
    assert len(_blocked_by(lambda: _work(LONGEST_CALLBACK_S + 0.1))) == 1
    assert _blocked_by(lambda: _work(0.01)) == []


@pytest.mark.skipif(not Path("/proc/thread-self/schedstat").exists(), reason="only Linux tells how long a thread waits")
def test_a_callback_that_waits_for_a_processor_is_not_to_blame():
    """A test does not fail because others kept the machine busy."""
    with _crowded_processor():
        began_s = time.monotonic()
        assert _blocked_by(lambda: _work(LONGEST_CALLBACK_S * 0.6)) == []
        # Else the rivals were none, and nothing has been shown.
        assert time.monotonic() - began_s > LONGEST_CALLBACK_S


def _blocked_by(callback: Callable[[], object]) -> list[str]:
    async def call() -> None:
        asyncio.get_running_loop().call_soon(callback)
        await asyncio.sleep(0)

    with blocking_callbacks() as blocking, asyncio.Runner(loop_factory=WatchedLoop) as runner:
        runner.run(call())
    return blocking


def _work(cpu_s: float) -> None:
    until_s = time.thread_time() + cpu_s
    while time.thread_time() < until_s:
        pass


@contextlib.contextmanager
def _crowded_processor() -> Iterator[None]:
    """This thread on one processor, which it shares with others that want it all the time."""
    allowed = os.sched_getaffinity(0)
    with contextlib.ExitStack() as stack:
        os.sched_setaffinity(0, {min(allowed)})
        stack.callback(os.sched_setaffinity, 0, allowed)
        for _ in range(RIVALS):
            rival = stack.enter_context(subprocess.Popen([sys.executable, "-c", _BUSY], stdout=subprocess.PIPE))
            stack.callback(rival.kill)
            assert rival.stdout is not None
            rival.stdout.readline()
        yield
