"""The kept child process: receives a dotted function, calls it, streams its progress. Dies with its parent."""

import contextlib
import gc
import importlib
import os
import queue
import resource
import signal
import sys
import threading
import traceback
from collections.abc import Callable, Iterator
from typing import Any, BinaryIO

from app.frame import child_imports
from app.frame.child_wire import (
    LENGTH,
    Ask,
    Begun,
    Done,
    Failed,
    Free,
    Go,
    Progress,
    Run,
    Stop,
    ToParent,
    packed,
    read_in_child,
)
from app.frame.i18n import PLACE

NICENESS = 5
LEAST_MEMORY_BYTES = 3 * 2**30  # polars alone reserves a good part of this without using it
OBJECTS_BETWEEN_SWEEPS = 100_000  # bulk work makes rows by the hundred thousand and no cycles: look for them less often


class Stopped(Exception):
    """The parent asked to end early, and the function did."""


class Report:
    """What a function in the child may say to its parent and ask of it."""

    def __init__(self, line: "Line") -> None:
        self._line = line

    def begun(self) -> None:
        """Everything that the function needs is loaded; it begins."""
        self._line.say(Begun())

    def __call__(self, data: dict[str, Any]) -> None:
        """Stream progress."""
        self._line.say(Progress(data))

    def cancelled(self) -> bool:
        """Whether somebody wants this to end early."""
        return self._line.stop.is_set()

    def check(self) -> None:
        """Raise Stopped when somebody wants this to end early."""
        if self.cancelled():
            raise Stopped

    @contextlib.contextmanager
    def gate(self) -> Iterator[None]:
        """Hold the parent's single writer; commit before leaving the block."""
        self._line.go.clear()
        self._line.say(Ask())
        self._line.go.wait()
        try:
            yield
        finally:
            self._line.say(Free())


class Line:
    """The two pipes: a thread hears, anybody says."""

    def __init__(self, hears: BinaryIO, says: BinaryIO) -> None:
        self._hears = hears
        self._says = says
        self._one_at_a_time = threading.Lock()
        self.runs: queue.SimpleQueue[Run] = queue.SimpleQueue()
        self.number = 0
        self.stop = threading.Event()
        self.go = threading.Event()

    def say(self, message: ToParent) -> None:
        with self._one_at_a_time:
            self._says.write(packed(message))
            self._says.flush()

    def hear(self) -> None:
        """Until the parent closes the pipe or dies; then there is nobody left to work for."""
        while len(head := self._hears.read(LENGTH.size)) == LENGTH.size:
            self._take(self._hears.read(*LENGTH.unpack(head)))
        os._exit(0)

    def _take(self, body: bytes) -> None:
        match read_in_child(body):
            case Run() as run:
                self.number = run.number
                self.stop.clear()
                self.runs.put(run)
            case Stop(number) if number == self.number:
                self.stop.set()
            case Go():
                self.go.set()


def named(dotted: str) -> Callable[[dict[str, Any], Report], dict[str, Any]]:
    """The function behind "package.module:name"."""
    module, _, name = dotted.partition(":")
    function: Callable[[dict[str, Any], Report], dict[str, Any]] = getattr(importlib.import_module(module), name)
    return function


def outcome(run: Run, report: Report) -> Done | Failed:
    """Call it. Whatever goes wrong becomes an answer: the parent must never wait for one that does not come."""
    PLACE.set(run.place)
    try:
        function = named(run.function)
        report.begun()
        return Done(function(run.args, report) or {})
    except (Exception, SystemExit) as error:
        return failure(error)


def failure(error: BaseException) -> Failed:
    """An error with a `sentence` was meant for people; any other only for the log."""
    said = {name: str(getattr(error, name, None) or "") for name in ("sentence", "code", "field")}
    trace = "".join(traceback.format_exception(error))
    return Failed(kind=type(error).__name__, trace=trace, stopped=isinstance(error, Stopped), **said)


def answer(line: Line, run: Run) -> None:
    """Say how it ended; a result that cannot be packed is a failure like any other."""
    end = outcome(run, Report(line))
    try:
        line.say(end)
    except TypeError as error:
        line.say(failure(error))


def open_line() -> Line:
    """Keep stdout for our messages alone: a stray print goes to stderr, that is to the parent's log."""
    says = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    return Line(sys.stdin.buffer, says)


def memory_bytes() -> int:
    """Address space that bulk work may take: half of the machine. A monstrous file ends it, not the office."""
    whole = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return max(LEAST_MEMORY_BYTES, whole // 2)


def give_way() -> None:
    """Pages come before imports: a smaller share, and on Linux no waking up in front of the web process."""
    os.nice(NICENESS)
    if hasattr(os, "SCHED_BATCH"):
        os.sched_setscheduler(0, os.SCHED_BATCH, os.sched_param(0))


def main() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C in a terminal reaches us too; our parent decides
    give_way()
    resource.setrlimit(resource.RLIMIT_AS, (memory_bytes(), memory_bytes()))
    gc.set_threshold(OBJECTS_BETWEEN_SWEEPS, 50, 50)
    child_imports.install()
    line = open_line()
    threading.Thread(target=line.hear, daemon=True).start()
    while True:
        answer(line, line.runs.get())


if __name__ == "__main__":
    main()
