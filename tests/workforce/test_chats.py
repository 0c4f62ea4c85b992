"""Several chats at once."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.workforce.chats import Pace, measure_chats, required_chats, slowdown_of
from app.workforce.errors import BadInput, OutOfReach
from app.workforce.service import Load, measure
from app.workforce.staffing import Target, required
from tests.workforce import reference
from tests.workforce.promises import kept
from tests.workforce.test_staffing import TARGETS

PACE = Pace((1.0, 1.25, 1.55))


def test_it_works() -> None:
    load, target = Load([60, 0, 200], 600, 1800, 120), Target(within_s=30)
    several, single = required_chats(load, target, PACE), required(load, target)
    assert (several.agents <= single.agents).all()
    assert several.agents[2] < 0.65 * single.agents[2]


@pytest.mark.parametrize("agents", [1, 2, 7, 40])
def test_one_chat_at_a_time_is_a_call(agents: int) -> None:
    load = Load([agents * 9.0, agents * 12.0], 180, 1800, 90)
    chats, calls = measure_chats(load, agents, Pace((1.0,)), 20), measure(load, agents, 20)
    for field in ("service_level", "abandonment", "waits", "asa_s", "occupancy"):
        assert np.allclose(getattr(chats, field), getattr(calls, field), rtol=1e-12, atol=1e-13)


@pytest.mark.parametrize("agents", [1, 3, 12, 60])
@pytest.mark.parametrize("slowdown", [(1.0, 1.4), (1.0, 1.25, 1.55), (1.0, 1.0, 1.1, 1.3, 1.5, 1.8)])
@pytest.mark.parametrize("share", [0.5, 0.95, 1.4, 10.0])
def test_the_chain_agrees_with_fifty_digits(agents: int, slowdown: tuple[float, ...], share: float) -> None:
    throughput = len(slowdown) / slowdown[-1]
    arrive = share * agents * throughput / 300
    waits, abandons = reference.balanced_chats(agents, slowdown, arrive, 300, 120)
    mine = measure_chats(Load(arrive * 1800, 300, 1800, 120), agents, Pace(slowdown))
    assert abs(float(mine.waits[0]) - waits) < 1e-12
    assert abs(float(mine.abandonment[0]) - abandons) < 1e-12
    assert abs(float(mine.occupancy[0]) - arrive * 300 * (1 - abandons) / (agents * throughput)) < 1e-12


@settings(max_examples=40, deadline=None)
@given(agents=st.integers(1, 100), load=st.floats(0.05, 3), patience_s=st.floats(5, 1e5))
def test_one_more_agent_never_hurts(agents: int, load: float, patience_s: float) -> None:
    work = Load(agents * load * 20, 180, 1800, patience_s)
    less, more = measure_chats(work, agents, PACE), measure_chats(work, agents + 1, PACE)
    assert more.service_level[0] >= less.service_level[0] - 1e-10
    assert more.abandonment[0] <= less.abandonment[0] + 1e-10
    assert more.asa_s[0] <= less.asa_s[0] * (1 + 1e-10) + 1e-9


def test_chats_that_never_slow_down_are_so_many_servers() -> None:
    load = Load(100, 180, 1800, 90)
    three, thirty = measure_chats(load, 4, Pace((1.0, 1.0, 1.0)), 20), measure(load, 12, 20)
    assert three.service_level[0] == pytest.approx(thirty.service_level[0], rel=1e-12)


@settings(max_examples=40, deadline=None)
@given(
    contacts=st.lists(st.floats(0, 400), min_size=1, max_size=20),
    steps=st.lists(st.floats(0, 0.3), min_size=0, max_size=3),
    target=TARGETS,
    patience_s=st.none() | st.floats(20, 1000),
)
def test_n_holds_and_one_less_does_not(
    contacts: list[float], steps: list[float], target: Target, patience_s: float | None
) -> None:
    pace = Pace(tuple(1 + np.cumsum([0.0, *steps])))
    load = Load(contacts, 500, 1800, patience_s)
    agents = required_chats(load, target, pace).agents
    assert kept(measure_chats(load, agents, pace, target.within_s), target).all()
    fewer = agents - 1
    assert not kept(measure_chats(load, fewer, pace, target.within_s), target)[fewer >= 1].any()


def test_the_pace_is_learnt_from_the_log() -> None:
    rng = np.random.default_rng(3)
    held = rng.integers(1, 4, 6000)
    lasted = rng.exponential(300 * np.array([0, 1.0, 1.3, 1.7])[held])
    assert slowdown_of(held, lasted, 3).slowdown == pytest.approx((1.0, 1.3, 1.7), rel=0.08)


def test_a_strange_log_still_gives_a_usable_pace() -> None:
    pace = slowdown_of([1, 1, 2, 3, 3], [300, 300, 100, 9000, 9000], 3)
    measure_chats(Load(10, 300), 2, pace)
    assert pace.slowdown == (1.0, 1.0, 1.5)


def test_closed_intervals_need_nobody_and_no_intervals_none() -> None:
    staffing = required_chats(Load([60, 60, 0], 600, 1800, 120), Target(at_least=2), PACE, [True, False, True])
    assert staffing.agents.tolist()[1:] == [0, 2]
    assert staffing.agents[0] > 2
    assert required_chats(Load([], 600), Target(), PACE).agents.tolist() == []


def test_many_intervals_at_once_are_as_each_alone() -> None:
    """They are worked on in blocks."""
    contacts = np.linspace(1, 400_000, 40)
    together = measure_chats(Load(contacts, 300, 1800, 60), 20_000, PACE)
    for i in (0, 20, 39):
        alone = measure_chats(Load(contacts[i], 300, 1800, 60), 20_000, PACE)
        assert together.abandonment[i] == pytest.approx(alone.abandonment[0], rel=1e-12, abs=1e-15)
    assert np.isfinite(together.asa_s).all()


def test_a_queue_of_chats_without_end_keeps_no_promise() -> None:
    staffing = required_chats(Load(1000, 180), Target(service_level=None, occupancy=1.0), Pace((1.0, 1.0)))
    assert staffing.agents.tolist() == [51]


def test_more_chats_than_all_could_take_is_out_of_reach() -> None:
    with pytest.raises(OutOfReach):
        required_chats(Load([1e7, 1e11], 300), Target(), PACE)


@pytest.mark.parametrize("at_once", [0, 21])
def test_senseless_numbers_of_chats_are_refused(at_once: int) -> None:
    with pytest.raises(BadInput) as refused:
        slowdown_of([1, 2], [100, 100], at_once)
    assert refused.value.field == "at_once"


@given(
    st.lists(st.tuples(st.integers(1, 25), st.floats(1, 1e5)), min_size=1, max_size=40).map(
        lambda log: [(1, 60), *log]
    ),
    st.integers(1, 20),
)
def test_any_log_gives_a_pace_that_can_be_staffed(log: list[tuple[int, float]], at_once: int) -> None:
    held, lasted = zip(*log, strict=True)
    pace = slowdown_of(held, lasted, at_once)
    assert pace.at_once == at_once
    assert required_chats(Load(20, 300, 1800, 60), Target(), pace).agents[0] > 0


@pytest.mark.parametrize("slowdown", [(), (1.2, 1.3), (1.0, 0.9), (1.0, 2.5), tuple([1.0] * 21)])
def test_senseless_paces_are_refused(slowdown: tuple[float, ...]) -> None:
    with pytest.raises(BadInput) as refused:
        required_chats(Load(10, 300), Target(), Pace(slowdown))
    assert refused.value.field == "slowdown"


def test_a_log_without_single_chats_cannot_be_compared() -> None:
    with pytest.raises(BadInput):
        slowdown_of([2, 3], [100, 100], 3)
