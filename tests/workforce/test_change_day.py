"""The day on which the clock changes: its rows are of 23 or 25 hours, and on the grid."""

from datetime import UTC, datetime, timedelta
from typing import Any

import numpy as np
import pytest

from app.workforce.calendar import Setting
from app.workforce.history import read
from app.workforce.integrate import predict

TIJUANA = "America/Tijuana"
AUTUMN, SPRING = datetime(2026, 9, 20), datetime(2026, 2, 1)  # noqa: DTZ001


def rows(begin: datetime, minutes: int, days: int) -> list[dict[str, Any]]:
    return [{"ds": begin + timedelta(minutes=minutes * i), "y": 20} for i in range(days * 1440 // minutes)]


@pytest.mark.parametrize("minutes", [15, 30, 60])
@pytest.mark.parametrize(("begin", "change", "hours"), [(AUTUMN, "2026-11-01", 25), (SPRING, "2026-03-08", 23)])
def test_it_works(minutes: int, begin: datetime, change: str, hours: int) -> None:
    found = predict(rows(begin, minutes, 32), 20 * 1440 // minutes, Setting(TIJUANA, ""))
    assert sum(row["ds"].startswith(change) for row in found) == hours * 60 / minutes


@pytest.mark.parametrize("minutes", [16, 18, 24, 32, 36, 40, 45, 48, 120, 180, 720])
@pytest.mark.parametrize(("begin", "change", "hours"), [(AUTUMN, "2026-11-01", 25), (SPRING, "2026-03-08", 23)])
def test_the_rows_of_that_day_hold_the_contacts_of_its_hours(
    minutes: int, begin: datetime, change: str, hours: int
) -> None:
    found = predict(rows(begin, minutes, 32), 20 * 1440 // minutes, Setting(TIJUANA, ""))
    expected = 20 * 60 / minutes * hours
    assert sum(row["yhat"] for row in found if row["ds"].startswith(change)) == pytest.approx(expected, rel=0.001)


def test_hours_stay_on_the_grid_where_the_clock_changes_by_half_of_one() -> None:
    found = predict(rows(SPRING, 60, 50), 24 * 30, Setting("Australia/Lord_Howe", ""))
    assert {datetime.fromisoformat(row["ds"]).minute for row in found} == {0}


def test_aware_rows_in_order_are_not_said_to_be_in_disorder() -> None:
    """The clock goes back, time does not."""
    stamps = [datetime(2026, 11, 1, 7, tzinfo=UTC) + timedelta(minutes=30 * i) for i in range(48)]
    assert read(stamps, [20] * 48, TIJUANA).notes == ()


def test_the_hour_that_the_clock_skips_is_no_silence() -> None:
    """A log without zeros and with a quiet hour of its own."""
    stamps = [datetime(2026, 3, 8, 8, tzinfo=UTC) + timedelta(minutes=30 * i) for i in range(46)]
    history = read(stamps[:10] + stamps[12:], [5] * 44, TIJUANA)
    assert np.isnan(history.counts[0, 4:6]).all()
    assert (history.counts == 0).sum() == 2
