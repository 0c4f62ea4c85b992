"""The formulas against offices simulated call by call."""

import statistics

import pytest

from app.workforce.chats import Pace, measure_chats
from app.workforce.service import Load, measure
from tests.workforce import reference

RUNS = 20


def near(exact: float, runs: list[float], extra: float = 0.0) -> bool:
    """Within 3.5 standard errors of the mean of independent runs."""
    return abs(statistics.fmean(runs) - exact) <= 3.5 * statistics.stdev(runs) / RUNS**0.5 + extra


@pytest.mark.parametrize(
    ("agents", "erlangs", "patience_s"),
    [(5, 3.6, 120), (10, 10, 180), (14, 10, 300), (30, 33, 90), (8, 12, 60), (7, 5, 0)],
)
def test_it_works(agents: int, erlangs: float, patience_s: float) -> None:
    """Erlang A, and Erlang C where nobody hangs up (patience 0)."""
    arrive = erlangs / 60
    service = measure(Load(arrive * 1800, 60, 1800, patience_s or None), agents, 20)
    runs = [
        reference.phone_office(agents, arrive, 60, patience_s or 1e12, 20, 12_000, 50 + seed) for seed in range(RUNS)
    ]
    for name in reference.Lived._fields:
        assert near(getattr(service, name)[0], [getattr(run, name) for run in runs]), name


@pytest.mark.parametrize(("agents", "at_once", "share"), [(5, 2, 0.69), (10, 3, 0.83), (3, 3, 0.69)])
def test_chats_agree_within_one_point(agents: int, at_once: int, share: float) -> None:
    slowdown = (1.0, 1.25, 1.55)[:at_once]
    finish, leave = 1 / 300, 1 / 120
    arrive = share * agents * at_once * finish / slowdown[-1]
    service = measure_chats(Load(arrive * 1800, 300, 1800, 120), agents, Pace(slowdown), 30)
    runs = [reference.chat_office(agents, slowdown, (arrive, finish, leave), 30, 3_000, seed) for seed in range(RUNS)]
    for name, place in (("waits", 0), ("abandonment", 1), ("service_level", 2)):
        assert near(getattr(service, name)[0], [run[place] for run in runs], extra=0.01), name
