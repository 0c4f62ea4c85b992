"""Work with a deadline: nothing late, nobody idle without need."""

import tracemalloc

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.workforce.deferred import Deferred, blend, due, required_deferred
from app.workforce.errors import BadInput, OutOfReach
from app.workforce.service import Load
from app.workforce.staffing import Target, required


def late(work: np.ndarray, last: np.ndarray, capacity: np.ndarray) -> bool:
    """Hand out capacity piece by piece, nearest deadline first; True if a piece outlives its last interval."""
    pieces: list[list[float]] = []
    for t, able in enumerate(capacity):
        for piece in sorted(pieces):
            used = min(piece[1], able)
            piece[1] -= used
            able -= used
        if any(left > 1e-7 and deadline <= t for deadline, left in pieces):
            return True
        pieces.append([float(last[t]), float(work[t])])
    return False


def test_it_works() -> None:
    plan = required_deferred(Deferred([0, 120, 0, 0, 0, 0, 0, 0], 300, 5))
    assert plan.level == pytest.approx(120 * 300 / 1800 / 4)
    assert plan.agents.tolist() == [0, 0, 5, 5, 5, 5, 0, 0]
    assert plan.waiting[-1] == pytest.approx(0)


@settings(max_examples=80, deadline=None)
@given(data=st.data(), length=st.integers(2, 40), deadline=st.integers(2, 12), open_time=st.booleans())
def test_every_deadline_is_kept_and_less_would_break_one(
    data: st.DataObject, length: int, deadline: int, open_time: bool
) -> None:
    numbers = st.lists(st.integers(0, 50), min_size=length, max_size=length)
    mail, spare = np.array(data.draw(numbers), float), np.array(data.draw(numbers), float) / 40
    is_open = np.array(data.draw(st.lists(st.booleans(), min_size=length, max_size=length)))
    work = Deferred(mail, 600, deadline, open_time=open_time)
    try:
        plan = required_deferred(work, is_open, spare)
    except OutOfReach:
        assert late(mail / 3, due(deadline, is_open, open_time), 1e6 * is_open)
        return
    last = due(deadline, is_open, open_time)
    assert not late(mail / 3, last, (spare + plan.level) * is_open)
    assert not late(mail / 3, last, (spare + plan.agents) * is_open)
    if plan.level > 1e-6:
        assert late(mail / 3, last, (spare + plan.level * (1 - 1e-5) - 1e-6) * is_open)
    assert plan.done.sum() + plan.waiting[-1] == pytest.approx(mail.sum() / 3)


def test_a_deadline_in_open_hours_sleeps_at_night() -> None:
    is_open = np.array([True, True, False, False, True, True, True, True])
    assert due(3, is_open, open_time=True).tolist() == [4, 5, 5, 5, 6, 7, 8, 8]


def test_mail_fills_the_idle_time_of_calls() -> None:
    calls = Load([20.0] * 16, 300, 1800, 180)
    little = blend(calls, Target(), Deferred([1] * 16, 300, 8))
    much = blend(calls, Target(), Deferred([80] * 16, 300, 8))
    assert little.mail.agents.sum() == 0
    assert much.mail.agents.max() > 5
    assert (much.agents == much.calls.agents + much.mail.agents).all()
    apart = required_deferred(Deferred([80] * 16, 300, 8))
    assert much.mail.level < apart.level


def test_the_mail_of_blended_people_is_never_late() -> None:
    """In the usable part of the idle time up to the occupancy cap, and by those added; calls as without it."""
    rng = np.random.default_rng(4)
    contacts, mail = rng.integers(0, 60, 48).astype(float), rng.integers(0, 40, 48).astype(float)
    is_open = (np.arange(48) >= 16) & (np.arange(48) < 40)
    load, target = Load(contacts, 240, 1800, 180), Target(occupancy=0.85, shrinkage=0.2)
    both = blend(load, target, Deferred(mail, 300, 20), is_open, usable=0.6)
    calls = both.calls
    idle = np.maximum(0.85 - calls.service.occupancy, 0) * calls.agents * 0.6
    assert calls.agents.tolist() == required(load, target, is_open).agents.tolist()
    assert not late(mail / 6, due(20, is_open, open_time=False), (idle + both.mail.agents) * is_open)
    assert (both.agents[~is_open] == 0).all()
    assert (both.scheduled == np.ceil(both.agents / 0.8 - 1e-9)).all()


def test_a_year_of_half_hours_is_no_matter_of_memory() -> None:
    mail = np.tile(np.where(np.arange(48) == 20, 60.0, 0.0), 365)
    tracemalloc.start()
    plan = required_deferred(Deferred(mail, 300, 49))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert plan.level == pytest.approx(10 / 48)
    assert peak < 2e7


@pytest.mark.parametrize("deadline", [10**30, 2**63 - 1, np.int64(4)])
def test_a_deadline_may_lie_beyond_the_horizon_and_be_of_any_integer_type(deadline: int) -> None:
    mail = [6.0, 3, 0, 0, 2]
    plan = required_deferred(Deferred(mail, 300, deadline))
    assert plan.level == (0 if deadline > 5 else pytest.approx(required_deferred(Deferred(mail, 300, 4)).level))


def test_calls_and_mail_of_different_intervals_are_refused() -> None:
    with pytest.raises(BadInput) as refused:
        blend(Load([1] * 8, 300, 1800), Target(), Deferred([1] * 8, 300, 4, 900))
    assert refused.value.field == "interval_s"


def test_work_that_nobody_can_do_in_time_says_so() -> None:
    with pytest.raises(OutOfReach) as refused:
        required_deferred(Deferred([1, 0, 0, 0], 300, 2), [True, False, False, True])
    assert refused.value.field == "deadline"


@pytest.mark.parametrize(
    "work",
    [
        Deferred([1], 300, 1),
        Deferred([-1], 300, 4),
        Deferred([1], 0, 4),
        Deferred([1], 300, 4, interval_s=0),
        Deferred([1], 300, 2.5),
        Deferred([1], 300, True),
        Deferred([1], 300, "mañana"),
        Deferred([1], 300, 4, interval_s=1e-310),
        Deferred([1], 300, 4, interval_s=None),
        Deferred(np.ones((2, 3)), 300, 4),
    ],
)
def test_senseless_work_is_refused(work: Deferred) -> None:
    with pytest.raises(BadInput):
        required_deferred(work)
