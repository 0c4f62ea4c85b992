"""Rosters: the first answer, the gap in time, missing people, and broken rules over many random offices."""

from collections.abc import Iterator
from contextlib import suppress
from itertools import count

from app.workforce.crew import Week
from app.workforce.errors import BadInput
from app.workforce.result import Result
from app.workforce.rosters import solve
from tests.benchmarks.bench import Bench
from tests.benchmarks.table import Goal, Row, number
from tests.workforce.checker import breaches
from tests.workforce.crews import office
from tests.workforce.wild import wild

OFFICES = 1000
LARGE = (0, 2, 4)  #: offices of 100 that cannot be fully covered, the harder kind
OTHERS = 10  #: more small offices, whatever their kind


def run(_bench: Bench) -> Iterator[Row]:
    solve(office(3, 0, seconds=1))  # the first answer is not to pay for the solver's loading
    yield from _one(office(10, 1, seconds=20), Goal("gap", at_most=0.02), 0.3)
    yield from _one(office(30, 1, seconds=15), Goal("gap", at_most=0.01), 0.3)
    yield _others(10, 20, 0.02)
    yield _others(30, 15, 0.01)
    for seed in LARGE:
        yield from _large(office(100, seed, tightness=0.8, seconds=30), f"100 people, office {seed}")
    yield _rules()


def _one(week: Week, goal: Goal, first_s: float) -> Iterator[Row]:
    result = solve(week)
    people = len(week.people)
    yield _first(people, result, first_s)
    gap = 1.0 if result.gap is None else result.gap
    said = f"gap {gap:.1%} in {result.seconds:.0f} s, {sum(result.missing)} of {_needed(week)} missing"
    yield Row(f"{people} people for a week", said, gap, goal=goal)


def _others(people: int, seconds: float, near: float) -> Row:
    """How many come as near to the bound, and how far off the others are: few people leave few ways, and proving that
    there is no better one takes its time."""
    results = [solve(office(people, seed, seconds=seconds)) for seed in range(OTHERS)]
    gaps = sorted(1.0 if result.gap is None else result.gap for result in results)
    within = sum(gap <= near for gap in gaps)
    further = ", ".join(f"{gap:.1%}" for gap in gaps[within:]) or "-"
    return Row(f"{people} people, {OTHERS} offices: gap of {near:.0%} or less", f"{within}; the others {further}")


def _large(week: Week, name: str) -> Iterator[Row]:
    """Missing people are counted beyond those that no roster of this office could avoid; both are said."""
    result, needed = solve(week), _needed(week)
    yield _first(len(week.people), result, 2.0)
    times, missing = result.objective / (result.bound or 1), sum(result.missing)
    beyond = (missing - result.shortage.unavoidable) / needed
    said = f"{beyond:.2%} ({missing / needed:.2%} in all, {result.shortage.unavoidable / needed:.2%} unavoidable)"
    yield Row(f"{name}: missing, avoidable", said, beyond * 100, goal=Goal("%", at_most=0.1))
    said = f"{number(times)}x the bound in {result.seconds:.0f} s"
    yield Row(f"{name}: objective", said, times, goal=Goal("x bound", at_most=1.5))


def _first(people: int, result: Result, seconds: float) -> Row:
    goal = Goal("s", at_most=seconds)
    return Row(f"{people} people: first answer", f"{number(result.first_s)} s", result.first_s, goal=goal)


def _needed(week: Week) -> int:
    return sum(map(sum, week.need.values()))


def _rules() -> Row:
    """The first answers alone and some searched on, of offices by day and of any kind: nights, leave, fixed shifts,
    other intervals. Those whose fixed shifts contradict each other are refused, and not counted."""
    broken, solved = 0, 0
    for week in _any_offices():
        if solved == OFFICES:
            break
        with suppress(BadInput):
            broken += len(breaches(week, solve(week)))
            solved += 1
    return Row(f"broken rules over {solved:,} random offices", str(broken), broken, goal=Goal("rules", at_most=0))


def _any_offices() -> Iterator[Week]:
    for seed in count():
        yield office(3 + seed % 10, seed, seconds=0.05 + 0.1 * (seed % 2), skills=1 + seed % 2)
        yield wild(seed)
