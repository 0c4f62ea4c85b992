"""From the log to the people: forecast, handle times and staffing fit each other, closed hours and clocks too."""

import numpy as np
import pytest

from app.workforce.calendar import Setting, open_slots
from app.workforce.deferred import Deferred, blend
from app.workforce.demand import forecast
from app.workforce.handle_time import handle_times
from app.workforce.history import History
from app.workforce.service import Load
from app.workforce.staffing import Target, meets, overall, required, what_if
from tests.workforce.offices import Office

OPENING = (*[((480, 1080),)] * 5, ((540, 780),), ())
TARGET = Target(service_level=0.8, within_s=20, shrinkage=0.3)


def office_week(slots: int, zone: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Contacts, seconds and opening per interval of the week from 30 October 2026, in which Tijuana's clock changes."""
    office = Office(12, days=302, base=900, start="2026-01-01")
    counts = office.counts.reshape(302, slots, 48 // slots).sum(axis=2)
    setting = Setting(zone, "MX", OPENING)
    made = forecast(History(office.dates, counts, 86_400 // slots, zone), setting, 7)
    lasted = handle_times(office.dates, counts, np.where(counts > 0, 240.0, np.nan), 7)
    assert made.days.tolist() == lasted.days.tolist()
    return made.mean.ravel(), lasted.mean_s.ravel(), open_slots(made.days, slots, setting).ravel()


@pytest.mark.parametrize(
    ("slots", "zone"), [(48, "America/Costa_Rica"), (48, "America/Tijuana"), (24, "America/Tijuana")]
)
def test_it_works(slots: int, zone: str) -> None:
    contacts, seconds, is_open = office_week(slots, zone)
    load = Load(contacts, seconds, 86_400 / slots, 180)
    staffing = required(load, TARGET, is_open)
    assert (staffing.agents[~is_open] == 0).all()
    assert (staffing.agents[is_open] >= 1).all()
    assert (staffing.scheduled >= staffing.agents / 0.7 - 1e-9).all()
    assert meets(staffing.service, TARGET)[is_open].all()
    day = overall(staffing.service, contacts, staffing.agents)
    assert 0.8 <= day["service_level"] < 1
    assert 0.3 < day["occupancy"] <= 0.85
    assert staffing.agents.sum() * 86_400 / slots * day["occupancy"] == pytest.approx(
        (contacts * seconds).sum() * (1 - day["abandonment"]), rel=0.02
    )


def test_mail_and_a_busier_week_upon_it() -> None:
    contacts, seconds, is_open = office_week(48, "America/Tijuana")
    load = Load(contacts, seconds, 1800, 180)
    plain = required(load, TARGET, is_open)
    both = blend(load, TARGET, Deferred(np.where(is_open, 30.0, 0.0), 300, 16, open_time=True), is_open)
    busier = what_if(load, plain.agents, TARGET, contacts=1.1, is_open=is_open)
    assert (both.agents >= plain.agents).all()
    assert (both.agents[~is_open] == 0).all()
    assert busier.needed.sum() > plain.agents.sum()
    assert (busier.needed[~is_open] == 0).all()
