"""The fewest people, never one more: minimality, shrinkage, what-if, bad questions."""

from collections.abc import Callable
from itertools import count
from typing import Any

import msgspec
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.workforce.errors import BadInput, OutOfReach
from app.workforce.service import Load, measure
from app.workforce.staffing import Target, overall, required, scheduled, what_if
from tests.workforce import reference
from tests.workforce.promises import kept

TARGETS = st.builds(
    Target,
    service_level=st.none() | st.floats(0.05, 0.99),
    within_s=st.floats(0, 300),
    asa_s=st.none() | st.floats(0.5, 600),
    abandonment=st.none() | st.floats(0.005, 0.5),
    occupancy=st.floats(0.3, 1),
)


def is_minimal(load: Load, target: Target) -> None:
    staffing = required(load, target)
    assert kept(measure(load, staffing.agents, target.within_s), target).all()
    fewer = staffing.agents - 1
    short = kept(measure(load, fewer, target.within_s), target)
    assert not short[fewer >= target.at_least].any()


def test_it_works() -> None:
    assert required(Load(100, 180, 1800), Target(occupancy=1.0)).agents.tolist() == [14]


@settings(max_examples=80, deadline=None)
@given(
    contacts=st.lists(st.floats(0, 3000), min_size=1, max_size=60),
    handle_s=st.floats(10, 1200),
    patience_s=st.none() | st.floats(5, 5000),
    target=TARGETS,
)
def test_n_holds_and_one_less_does_not(
    contacts: list[float], handle_s: float, patience_s: float | None, target: Target
) -> None:
    is_minimal(Load(contacts, handle_s, 1800, patience_s), target)


def test_four_thousand_cases_have_no_spare_person() -> None:
    erlangs = np.arange(0.25, 100, 0.25)
    for level in (0.2, 0.5, 0.7, 0.8, 0.9):
        for within_s in (0, 20):
            is_minimal(Load(erlangs * 10, 180, 1800), Target(service_level=level, within_s=within_s, occupancy=1.0))


@pytest.mark.parametrize("erlangs", [0.5, 10, 40])
@pytest.mark.parametrize("asa_s", [1.0, 5.0, 60.0])
def test_a_promised_wait_asks_for_as_many_as_fifty_digits_do(erlangs: float, asa_s: float) -> None:
    """The mean wait is C handle / (n - a)."""
    exact = next(n for n in count(int(erlangs) + 1) if reference.waiting(n, erlangs) * 180 / (n - erlangs) <= asa_s)
    target = Target(service_level=None, asa_s=asa_s, occupancy=1.0)
    assert required(Load(erlangs * 10, 180, 1800), target).agents.tolist() == [exact]


@pytest.mark.parametrize("erlangs", [0.5, 10, 40])
@pytest.mark.parametrize("lost", [0.002, 0.01, 0.05, 0.3])
def test_a_promise_that_few_hang_up_asks_for_as_many_as_fifty_digits_do(erlangs: float, lost: float) -> None:
    exact = next(n for n in count(1) if reference.impatient(n, erlangs / 180, 180, 120, 20)[1] <= lost)
    target = Target(service_level=None, abandonment=lost, occupancy=1.0)
    assert required(Load(erlangs * 10, 180, 1800, 120), target).agents.tolist() == [exact]


@pytest.mark.parametrize("promise", [{"asa_s": 1e-12}, {"abandonment": 1e-12}])
def test_however_small_a_promise_is_it_is_kept(promise: dict[str, float]) -> None:
    is_minimal(Load([50, 100], 180, 1800, 120), Target(service_level=None, occupancy=1.0, **promise))


def test_half_an_erlang_at_half_service_needs_one() -> None:
    """The case in which a search that starts at the load plus one misses the minimum."""
    target = Target(service_level=0.5, within_s=20, occupancy=1.0)
    assert required(Load(5, 180, 1800), target).agents.tolist() == [1]


def test_ceilings_do_not_trip_over_the_last_bit() -> None:
    assert required(Load(35.7, 1800, 1800), Target(service_level=None)).agents.tolist() == [42]
    assert scheduled([9, 10, 0], 0.1).tolist() == [10, 12, 0]
    assert scheduled([7], 0.3).tolist() == [10]
    assert scheduled([191_961], 0.937).tolist() == [3_047_000]


@pytest.mark.parametrize("abandonment", [None, 0.05])
def test_a_queue_without_end_keeps_no_promise(abandonment: float | None) -> None:
    """A hundred Erlangs whom nobody leaves, people who may be busy all the time: a hundred and one, not one."""
    target = Target(service_level=None, abandonment=abandonment, occupancy=1.0)
    assert required(Load(1000, 180), target).agents.tolist() == [101]


def test_closed_intervals_need_nobody_and_calm_ones_the_minimum() -> None:
    staffing = required(Load([0, 0, 50], 180, 1800), Target(at_least=2, shrinkage=0.3), [True, False, True])
    assert staffing.agents.tolist()[:2] == [2, 0]
    assert staffing.scheduled.tolist()[0] == 3


def test_closed_intervals_are_not_asked_about() -> None:
    """What comes at night is nobody's to answer, be it more than all the people in the country could."""
    staffing = required(Load([10, 1e9, 10], 300), Target(), [True, False, True])
    assert staffing.agents.tolist() == [4, 0, 4]


def test_no_intervals_need_nobody() -> None:
    assert required(Load([], 180), Target()).agents.tolist() == []


def test_the_minimum_stands_where_fewer_would_do() -> None:
    assert required(Load([1, 100], 180), Target(at_least=3)).agents.tolist()[0] == 3
    assert required(Load([0, 0], 180), Target(at_least=0)).agents.tolist() == [0, 0]


def test_patient_and_impatient_callers() -> None:
    """Those who hang up relieve the rest: a service level asks for no more people than endless patience does."""
    target = Target(occupancy=1.0)
    never, soon = Load(500, 240, 1800), Load(500, 240, 1800, 60)
    assert required(soon, target).agents[0] < required(never, target).agents[0]


def test_one_agent_less_and_ten_percent_more_calls() -> None:
    load, target = Load([80, 120], 240, 1800, 180), Target()
    agents = required(load, target).agents
    change = what_if(load, agents, target, more_agents=-1, contacts=1.1)
    assert (change.after.service_level < change.before.service_level).all()
    assert change.agents.tolist() == (agents - 1).tolist()
    assert (change.needed >= agents).all()
    assert what_if(load, agents, target).needed.tolist() == agents.tolist()


def test_what_if_leaves_the_night_closed() -> None:
    load, target, hours = Load([80, 0, 5], 240, 1800, 180), Target(), [True, False, False]
    agents = required(load, target, hours).agents
    change = what_if(load, agents, target, more_agents=2, contacts=1.1, handle=1.05, is_open=hours)
    assert change.agents.tolist() == [agents[0] + 2, 0, 0]
    assert change.needed.tolist() == [required(Load(88, 252, 1800, 180), target).agents[0], 0, 0]


def test_longer_contacts_are_as_much_work_as_more_of_them() -> None:
    load, target = Load(80, 240, 1800, 180), Target()
    longer, more = (what_if(load, 14, target, **change) for change in ({"handle": 1.1}, {"contacts": 1.1}))
    assert longer.before.service_level == more.before.service_level
    assert longer.after.occupancy[0] == pytest.approx(more.after.occupancy[0], rel=0.01)
    assert longer.after.service_level[0] < longer.before.service_level[0]


def test_fewer_agents_than_there_are_leave_nobody() -> None:
    change = what_if(Load(80, 240, 1800, 180), 3, Target(), more_agents=-5)
    assert change.agents.tolist() == [0]
    assert change.after.abandonment.tolist() == [1]


def test_a_day_on_which_nobody_called_was_well_served() -> None:
    """As each of its intervals was; and one on which nobody was there answered nobody, never."""
    quiet = overall(measure(Load([0, 0], 180), [3, 3]), [0, 0], [3, 3])
    assert (quiet["service_level"], quiet["abandonment"], quiet["asa_s"]) == (1, 0, 0)
    alone = overall(measure(Load([9, 9], 180, 1800, 60), [0, 0]), [9, 9], [0, 0])
    assert (alone["service_level"], alone["abandonment"], alone["asa_s"]) == (0, 1, np.inf)


def test_the_day_in_one_line_weighs_by_calls() -> None:
    load = Load([100, 0], 180, 1800, 120)
    service = measure(load, [14, 0])
    day = overall(service, load.contacts, [14, 0])
    assert day["service_level"] == pytest.approx(service.service_level[0])
    assert day["occupancy"] == pytest.approx(service.occupancy[0])
    assert overall(measure(Load(0, 1), 0), 0, 0)["asa_s"] == 0


@pytest.mark.parametrize(
    ("field", "load"),
    [
        ("contacts", Load([-1], 180)),
        ("contacts", Load(["muchas"], 180)),
        ("contacts", Load([float("nan")], 180)),
        ("handle_s", Load([1], 0)),
        ("handle_s", Load([1], None)),
        ("patience_s", Load([1], 180, 1800, 0)),
        ("interval_s", Load([1], 180, 0)),
        ("interval_s", Load([1], 180, float("inf"))),
        ("interval_s", Load([1], 180, 1e-310)),
        ("interval_s", Load([1], 180, None)),
        ("interval_s", Load([1], 180, "media hora")),
        ("load", Load([1, 2, 3], [180, 180])),
        ("load", Load(np.ones((7, 48)), 180)),
    ],
)
def test_senseless_loads_are_refused_with_a_sentence(field: str, load: Load) -> None:
    with pytest.raises(BadInput) as refused:
        required(load, Target())
    assert refused.value.field == field
    assert refused.value.sentence.endswith(".")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("service_level", 1.0),
        ("service_level", 0.0),
        ("within_s", -1.0),
        ("within_s", float("inf")),
        ("within_s", float("nan")),
        ("asa_s", 0.0),
        ("abandonment", 1.2),
        ("occupancy", 0.0),
        ("occupancy", 1.1),
        ("shrinkage", 1.0),
        ("shrinkage", 1 - 1e-15),
        ("at_least", -1),
        ("at_least", 2.5),
        ("at_least", 10**30),
        ("within_s", "mucho"),
        ("within_s", None),
        ("service_level", "casi todo"),
        ("asa_s", [5.0, 6.0]),
        ("abandonment", float("nan")),
        ("occupancy", None),
        ("shrinkage", "poca"),
    ],
)
def test_senseless_targets_are_refused_with_a_sentence(field: str, value: Any) -> None:
    with pytest.raises(BadInput) as refused:
        required(Load(10, 180), msgspec.structs.replace(Target(), **{field: value}))
    assert refused.value.field == field


def test_a_target_beyond_reach_says_so() -> None:
    with pytest.raises(OutOfReach) as refused:
        required(Load(1e9, 180, 1800), Target())
    assert "200000" in refused.value.sentence


@pytest.mark.parametrize(
    ("field", "ask"),
    [
        ("agents", lambda: measure(Load(1, 180), -1)),
        ("agents", lambda: measure(Load([1, 2], 180), [1, 2, 3])),
        ("within_s", lambda: measure(Load(1, 180), 1, float("inf"))),
        ("shrinkage", lambda: scheduled([1], -0.1)),
        ("contacts", lambda: what_if(Load(1, 180), 1, Target(), contacts=-1)),
        ("contacts", lambda: what_if(Load(1, 180), 1, Target(), contacts="más")),
        ("more_agents", lambda: what_if(Load(1, 180), 1, Target(), more_agents=0.5)),
        ("contacts", lambda: what_if(Load(1, 180), 1, Target(), handle=0)),
        ("is_open", lambda: what_if(Load([1, 2], 180), 1, Target(), is_open=[True])),
        ("contacts", lambda: overall(measure(Load([1, 2], 180), 3), [1, 2, 3], 3)),
    ],
)
def test_senseless_questions_are_refused_with_their_field(field: str, ask: Callable[[], object]) -> None:
    with pytest.raises(BadInput) as refused:
        ask()
    assert refused.value.field == field


def test_open_hours_of_another_length_are_refused() -> None:
    with pytest.raises(BadInput):
        required(Load([1, 2], 180), Target(), [True])
