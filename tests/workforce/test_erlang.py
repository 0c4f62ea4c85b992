"""Erlang B, C and A against 50-digit arithmetic and textbook figures."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.workforce.erlang import blocking, waiting
from app.workforce.service import Load, measure
from tests.workforce import reference

SIZES = (1, 2, 5, 10, 50, 200, 1000)
LOADS = (1e-9, 1e-4, 0.01, 0.1, 0.5, 0.9, 0.99, 1.0, 1.01, 1.5, 3.0, 10.0)


def one(value: float) -> np.ndarray:
    return np.array([float(value)])


def test_it_works() -> None:
    assert blocking(one(10), one(5))[0] == pytest.approx(0.018385, abs=5e-7)
    service = measure(Load(100, 180, 1800), 14)
    assert service.service_level[0] == pytest.approx(0.888, abs=5e-4)
    assert service.waits[0] == pytest.approx(0.174, abs=5e-4)


@pytest.mark.parametrize("agents", SIZES)
@pytest.mark.parametrize("load", LOADS)
def test_blocking_agrees_with_fifty_digits(agents: int, load: float) -> None:
    exact = reference.blocking(agents, agents * load)
    mine = float(blocking(one(agents), one(agents * load))[0])
    assert abs(mine - exact) <= 1e-12 * exact + 1e-300


@pytest.mark.parametrize("agents", SIZES)
@pytest.mark.parametrize("load", [r for r in LOADS if r < 1])
def test_waiting_agrees_with_fifty_digits(agents: int, load: float) -> None:
    exact = reference.waiting(agents, agents * load)
    assert abs(float(waiting(one(agents), one(agents * load))[0]) - exact) <= 1e-12 * exact + 1e-300


def test_ten_thousand_agents_stand() -> None:
    for load in (0.9, 0.999, 1.0, 10.0):
        exact = reference.blocking(10_000, 10_000 * load)
        assert abs(float(blocking(one(10_000), one(10_000 * load))[0]) - exact) <= 1e-12 * exact


@pytest.mark.parametrize("agents", [1, 2, 10, 79])
@pytest.mark.parametrize("load", [0.4, 0.9, 1.0, 1.5, 10.0])
@pytest.mark.parametrize("patience_s", [10.0, 180.0, 3600.0])
def test_patience_agrees_with_the_chain_summed_by_state(agents: int, load: float, patience_s: float) -> None:
    arrive = agents * load / 180
    exact = reference.impatient(agents, arrive, 180, patience_s, 20)
    mine = measure(Load(arrive * 1800, 180, 1800, patience_s), agents, 20)
    for got, want in zip((mine.waits, mine.abandonment, mine.service_level), exact, strict=True):
        assert abs(float(got[0]) - want) < 1e-12


@pytest.mark.parametrize(("agents", "load"), [(10_000, 0.98), (10_000, 1.0), (10_000, 10.0), (1000, 1.5)])
def test_patience_agrees_with_fifty_digits_at_any_size(agents: int, load: float) -> None:
    arrive = agents * load / 180
    exact = reference.impatient(agents, arrive, 180, 30, 20)
    mine = measure(Load(arrive * 1800, 180, 1800, 30), agents, 20)
    for got, want in zip((mine.waits, mine.abandonment, mine.service_level), exact, strict=True):
        assert abs(float(got[0]) - want) < 1e-12


@pytest.mark.parametrize(
    ("agents", "load", "patience_s"),
    [(1, 0.4, 10.0), (10, 0.9, 180.0), (10, 1.5, 10.0), (79, 1.0, 60.0), (5, 10.0, 60.0)],
)
def test_the_wait_of_the_answered_agrees_with_thirty_digits(agents: int, load: float, patience_s: float) -> None:
    arrive = agents * load / 180
    asa_s, early = reference.answered_after(agents, arrive, 180, patience_s, 20)
    mine = measure(Load(arrive * 1800, 180, 1800, patience_s), agents, 20)
    assert float(mine.asa_s[0]) == pytest.approx(float(asa_s), rel=1e-12, abs=1e-14)
    assert mine.answered_level[0] == pytest.approx(float(mine.service_level[0] / (1 - early)), rel=1e-12)


@pytest.mark.parametrize("agents", [1, 50, 10_000])
@pytest.mark.parametrize("load", [0.5, 0.97, 0.9999])
def test_those_who_never_hang_up_agree_with_fifty_digits(agents: int, load: float) -> None:
    """P(wait > t) = C exp(-(n - a) t / handle); the mean wait is C handle / (n - a)."""
    erlangs = agents * load
    wait = reference.waiting(agents, erlangs)
    mine = measure(Load(erlangs * 10, 180, 1800), agents, 20)
    free = agents - reference.mp.mpf(erlangs)
    assert float(mine.waits[0]) == pytest.approx(float(wait), rel=1e-12, abs=1e-300)
    assert mine.service_level[0] == pytest.approx(float(1 - wait * reference.mp.exp(-free * 20 / 180)), abs=1e-12)
    assert mine.asa_s[0] == pytest.approx(float(wait * 180 / free), rel=1e-9, abs=1e-300)
    assert mine.occupancy[0] == pytest.approx(load, rel=1e-12)


@pytest.mark.parametrize(("field", "load"), [("waits", 0.0), ("asa_s", 0.0), ("abandonment", 0.0), ("occupancy", 0.0)])
def test_hardly_anybody_calls(field: str, load: float) -> None:
    """Loads down to nothing go over into the empty interval without a step."""
    service = measure(Load([0.0, 1e-300, 1e-9], 180, 1800, 60), 1)
    assert getattr(service, field) == pytest.approx(load, abs=1e-7)
    assert service.service_level == pytest.approx(1, abs=1e-9)


def test_endless_patience_is_erlang_c() -> None:
    never, long = Load(100, 180, 1800), Load(100, 180, 1800, 6e9)
    for field in ("service_level", "waits", "asa_s", "occupancy"):
        assert getattr(measure(long, 14), field)[0] == pytest.approx(getattr(measure(never, 14), field)[0], rel=1e-6)


def test_fifty_agents_of_the_tutorial() -> None:
    """Gans, Koole and Mandelbaum: 48 calls a minute of one minute each, 50 agents."""
    assert measure(Load(48 * 30, 60, 1800), 50).asa_s[0] == pytest.approx(20.8, abs=0.1)
    patient = measure(Load(48 * 30, 60, 1800, 120), 50)
    assert patient.abandonment[0] == pytest.approx(0.031, abs=5e-4)
    assert patient.asa_s[0] == pytest.approx(3.6, abs=0.1)


def test_an_overloaded_queue_without_hang_ups_never_ends() -> None:
    service = measure(Load(1000, 180, 1800), [1, 100])
    assert service.waits.tolist() == [1, 1]
    assert service.service_level.tolist() == [0, 0]
    assert np.isinf(service.asa_s).all()


def test_nobody_calls_and_nobody_works() -> None:
    service = measure(Load([0, 10], 180, 1800, 60), [0, 0])
    assert service.service_level.tolist() == [1, 0]
    assert service.abandonment.tolist() == [0, 1]
    assert service.occupancy.tolist() == [0, 0]


@settings(max_examples=60, deadline=None)
@given(
    agents=st.integers(1, 10_000),
    load=st.floats(0.01, 10),
    patience_s=st.floats(1, 1e8),
    within_s=st.floats(0, 600),
)
def test_figures_stay_within_their_bounds(agents: int, load: float, patience_s: float, within_s: float) -> None:
    arrive = agents * load / 240
    service = measure(Load(arrive * 900, 240, 900, patience_s), agents, within_s)
    for share in (service.service_level, service.answered_level, service.abandonment, service.waits, service.occupancy):
        assert -1e-12 <= share[0] <= 1 + 1e-12
    assert service.service_level[0] <= 1 - service.abandonment[0] + 1e-12
    assert service.answered_level[0] >= service.service_level[0] - 1e-12
    assert service.asa_s[0] >= 0
    assert service.abandonment[0] >= 1 - agents / (arrive * 240) - 1e-12


def test_a_part_of_a_person_is_nobody_and_half_a_person_more_is_half_a_help() -> None:
    load = Load(50, 180, 1800, 60)
    assert measure(load, [0.2, 0.9]).abandonment.tolist() == [1, 1]
    for agents in (1, 4, 9):
        lost = measure(load, [agents, agents + 0.5, agents + 1]).abandonment
        assert lost[0] > lost[1] > lost[2]


@settings(max_examples=40, deadline=None)
@given(agents=st.integers(1, 400), load=st.floats(0.05, 3), patience_s=st.floats(5, 1e5))
def test_one_more_agent_never_hurts(agents: int, load: float, patience_s: float) -> None:
    work = Load(agents * load * 10, 180, 1800, patience_s)
    less, more = measure(work, agents), measure(work, agents + 1)
    assert more.service_level[0] >= less.service_level[0] - 1e-12
    assert more.abandonment[0] <= less.abandonment[0] + 1e-12
    assert more.asa_s[0] <= less.asa_s[0] * (1 + 1e-12) + 1e-9
