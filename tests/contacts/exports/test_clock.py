"""The fast clock says what the slow one says."""

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.contacts.exports.clock import Clock
from app.frame.instant import to_micros

ZONES = [
    "America/Costa_Rica",
    "America/Mexico_City",
    "America/Tijuana",
    "Europe/Madrid",
    "Asia/Kolkata",
    "Pacific/Apia",
]
FIRST, LAST = datetime(1990, 1, 1), datetime(2060, 1, 1)  # noqa: DTZ001 - hypothesis adds the zone itself
CLOCKS = {name: Clock(ZoneInfo(name)) for name in ZONES}


def slowly(at: datetime, zone: str) -> str:
    return at.astimezone(ZoneInfo(zone)).replace(tzinfo=None).isoformat(" ", "seconds")


def test_it_works() -> None:
    assert CLOCKS["America/Costa_Rica"].text(datetime(2026, 11, 21, 3, 30, tzinfo=UTC)) == "2026-11-20 21:30:00"


@given(
    at=st.datetimes(FIRST, LAST, timezones=st.just(UTC)),
    zone=st.sampled_from(ZONES),
)
def test_any_instant_in_any_zone(at: datetime, zone: str) -> None:
    assert CLOCKS[zone].text(at) == CLOCKS[zone].text(to_micros(at)) == slowly(at, zone)


@pytest.mark.parametrize("zone", ["America/Tijuana", "Europe/Madrid"])
@pytest.mark.parametrize(
    "day", [datetime(2026, 3, 8, tzinfo=UTC), datetime(2026, 3, 29, tzinfo=UTC), datetime(2026, 10, 25, tzinfo=UTC)]
)
def test_every_hour_of_the_days_on_which_clocks_change(zone: str, day: datetime) -> None:
    for hour in range(-24, 48):
        at = day + timedelta(hours=hour, minutes=17)
        assert Clock(ZoneInfo(zone)).text(at) == CLOCKS[zone].text(at) == slowly(at, zone)


def test_an_instant_that_came_in_another_zone() -> None:
    at = datetime(2026, 11, 21, 3, 30, tzinfo=timezone(timedelta(hours=9)))
    assert CLOCKS["Asia/Kolkata"].text(at) == slowly(at, "Asia/Kolkata")
