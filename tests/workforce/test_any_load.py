"""Whatever is asked of staffing: figures that make sense, or a sentence that names its field."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.workforce.chats import Pace, measure_chats, required_chats
from app.workforce.deferred import Deferred, required_deferred
from app.workforce.errors import BadInput, OutOfReach
from app.workforce.service import Load, Service, measure
from app.workforce.staffing import Target, required

ODD = st.one_of(st.floats(), st.floats(0, 1e4), st.integers(-1, 10**6), st.none(), st.text(max_size=3), st.booleans())
LISTS = st.lists(ODD, max_size=4) | ODD
NUMBERS = st.floats(-13, 13).map(lambda power: 10.0**power) | st.sampled_from([0.0, 5e-324, 1e-300, 1e300, 1e308])

pytestmark = pytest.mark.filterwarnings("error")


def sensible(service: Service) -> None:
    for share in (service.service_level, service.answered_level, service.abandonment, service.waits, service.occupancy):
        assert (share >= -1e-9).all()
        assert (share <= 1 + 1e-9).all()
    assert (service.asa_s >= 0).all()


@settings(max_examples=200, deadline=None)
@given(contacts=LISTS, handle_s=LISTS, patience_s=LISTS, agents=LISTS)
def test_it_works(contacts: Any, handle_s: Any, patience_s: Any, agents: Any) -> None:
    try:
        sensible(measure(Load(contacts, handle_s, 1800, patience_s), agents))
    except BadInput as refused:
        assert refused.field in ("contacts", "handle_s", "patience_s", "load", "agents")  # noqa: PT017
        assert refused.sentence.endswith(".")  # noqa: PT017


@settings(max_examples=150, deadline=None)
@given(contacts=NUMBERS, handle_s=NUMBERS, patience_s=st.none() | NUMBERS, agents=st.integers(0, 10_000))
def test_numbers_of_any_size(contacts: float, handle_s: float, patience_s: float | None, agents: int) -> None:
    load = Load(contacts, handle_s, 1800, patience_s)
    for ask in (measure, lambda load, n: measure_chats(load, min(n, 50), Pace())):
        try:
            sensible(ask(load, agents))
        except BadInput as refused:
            assert refused.field in ("handle_s", "patience_s", "contacts")  # noqa: PT017


@settings(max_examples=100, deadline=None)
@given(contacts=NUMBERS, handle_s=NUMBERS, patience_s=st.none() | NUMBERS)
def test_people_for_any_load_or_none_could_do_it(contacts: float, handle_s: float, patience_s: float | None) -> None:
    load = Load(contacts, handle_s, 1800, patience_s)
    for ask in (lambda: required(load, Target()), lambda: required_chats(load, Target(), Pace((1.0, 1.3)))):
        try:
            found = ask()
        except (BadInput, OutOfReach) as refused:
            assert refused.field in ("target", "handle_s", "patience_s", "contacts")  # noqa: PT017
            continue
        sensible(found.service)
        assert (found.agents >= 1).all()


@settings(max_examples=150, deadline=None)
@given(contacts=LISTS, handle_s=LISTS, deadline=ODD)
def test_mail_of_any_kind(contacts: Any, handle_s: Any, deadline: Any) -> None:
    try:
        plan = required_deferred(Deferred(contacts, handle_s, deadline))
    except (BadInput, OutOfReach) as refused:
        assert refused.field in ("contacts", "handle_s", "deadline")  # noqa: PT017
        return
    assert (plan.agents >= 0).all()
    assert np.isfinite(plan.done).all()
