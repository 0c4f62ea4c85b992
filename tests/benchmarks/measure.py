"""Measures servers side by side: turns are taken, so that what disturbs the machine disturbs all of them."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from statistics import median

from tests.benchmarks import load
from tests.benchmarks.http import Request
from tests.benchmarks.load import Load
from tests.benchmarks.processes import Served


@dataclass(frozen=True)
class Target:
    """A server and what is asked of it."""

    name: str
    server: Served
    requests: list[Request]


@dataclass
class Result:
    """Rounds of one target. `cpu_us` is per request; its minimum repeats best."""

    per_s: list[float] = field(default_factory=list)
    cpu_us: list[float] = field(default_factory=list)
    loads: list[Load] = field(default_factory=list)

    @property
    def rate(self) -> float:
        return median(self.per_s)

    @property
    def cpu(self) -> float:
        return min(self.cpu_us)

    @property
    def wrong(self) -> int:
        return sum(each.wrong for each in self.loads)


class WrongAnswers(Exception):
    """Something answered otherwise than 2xx: its speed means nothing."""


def side_by_side(targets: Sequence[Target], seconds: float, rounds: int, connections: int = 16) -> dict[str, Result]:
    """Closed loop, each target in turn, `rounds` times over."""
    results = {target.name: Result() for target in targets}
    for _ in range(rounds):
        for target in targets:
            _one_turn(target, results[target.name], seconds, connections)
    for name, result in results.items():
        if result.wrong or not all(each.count for each in result.loads):
            raise WrongAnswers(f"{name}: {result.wrong} wrong answers, {[each.count for each in result.loads]} good")
    return results


def ratios(ours: Result, theirs: Result) -> float:
    """Median over the rounds of how many times as many requests a second we answer."""
    return median(a / b for a, b in zip(ours.per_s, theirs.per_s, strict=True))


def waits(target: Target, seconds: float, per_s: float) -> Load:
    """Latencies at a fixed rate."""
    felt = load.run(lambda: load.fixed_rate(target.server.port, target.requests, seconds, per_s))
    if felt.wrong:
        raise WrongAnswers(f"{target.name}: {felt.wrong} wrong answers at {per_s}/s")
    return felt


def _one_turn(target: Target, result: Result, seconds: float, connections: int) -> None:
    port, asked = target.server.port, target.requests
    load.run(lambda: load.closed_loop(port, asked, 0.3, connections, warm_up_s=0))
    before = target.server.cpu_s()
    done = load.run(lambda: load.closed_loop(port, asked, seconds, connections, warm_up_s=0))
    used = target.server.cpu_s() - before
    result.loads.append(done)
    result.per_s.append(done.per_s)
    result.cpu_us.append(used / max(done.count, 1) * 1e6)
