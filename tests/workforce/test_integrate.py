"""The contract that integrators know: [{ds, y}] -> [{ds, yhat, yhat_lower, yhat_upper}]."""

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from app.workforce.calendar import Setting
from app.workforce.errors import BadInput
from app.workforce.integrate import predict
from tests.workforce.offices import Office


def rows_of(office: Office, days: int) -> list[dict[str, Any]]:
    return [
        {"ds": str(day), "y": float(row.sum())} for day, row in zip(office.dates[:days], office.counts, strict=False)
    ]


def test_it_works() -> None:
    office = Office(1)
    found = predict(rows_of(office, 300), 30)
    assert len(found) == 30
    assert list(found[0]) == ["ds", "yhat", "yhat_lower", "yhat_upper"]
    assert found[0]["ds"] == f"{office.dates[300]}T00:00:00"
    assert all(row["yhat_lower"] <= row["yhat"] <= row["yhat_upper"] for row in found)


@pytest.mark.parametrize("minutes", [15, 30, 60, 1440])
@pytest.mark.parametrize("periods", [1, 5, 100, 400])
def test_any_number_of_periods_follows_the_last_row_without_a_gap(minutes: int, periods: int) -> None:
    begin, step = datetime(2026, 3, 2), timedelta(minutes=minutes)  # noqa: DTZ001
    rows = [{"ds": begin + i * step, "y": 10 + i % 5} for i in range(40 * 1440 // minutes + 3)]
    found = predict(rows, periods)
    assert [row["ds"] for row in found] == [(rows[-1]["ds"] + (i + 1) * step).isoformat() for i in range(periods)]


def test_aware_times_come_back_aware_through_a_change_of_the_clock() -> None:
    begin = datetime(2026, 9, 20, 7, tzinfo=UTC)
    rows = [{"ds": begin + timedelta(hours=i), "y": 20 + i % 3} for i in range(24 * 40)]
    found = predict(rows, 72, Setting("America/Tijuana", "MX"))
    moments = [datetime.fromisoformat(row["ds"]) for row in found]
    assert [b - a for a, b in pairwise(moments)] == [timedelta(hours=1)] * 71
    assert moments[0] == begin + timedelta(hours=24 * 40)
    assert {moment.utcoffset() for moment in moments} == {timedelta(hours=-7), timedelta(hours=-8)}


@pytest.mark.parametrize(("step", "late"), [(1440, 360), (1440, 1439), (30, 10), (60, 15)])
@pytest.mark.parametrize("aware", [True, False])
def test_stamps_that_lie_inside_their_interval_go_on_so(step: int, late: int, aware: bool) -> None:
    begin = datetime(2026, 3, 2, tzinfo=UTC if aware else None) + timedelta(minutes=late)
    rows = [{"ds": begin + timedelta(minutes=step) * i, "y": 10 + i % 5} for i in range(40 * 1440 // step)]
    found = [datetime.fromisoformat(row["ds"]) for row in predict(rows, 9, Setting("America/Costa_Rica"))]
    assert found == [rows[-1]["ds"] + timedelta(minutes=step) * (i + 1) for i in range(9)]


@pytest.mark.parametrize("days", [1, 2, 5, 10, 40])
@pytest.mark.parametrize("zeros", [True, False])
@pytest.mark.parametrize("until", [21, 30, 34])
def test_rows_of_opening_hours_are_followed_from_the_next_interval_on(days: int, zeros: bool, until: int) -> None:
    """From eight to five; the last day goes on, or was over, at the slot `until`. The night is quiet."""
    begin, rng = datetime(2026, 3, 2), np.random.default_rng(days)  # noqa: DTZ001
    slots = [(d, s) for d in range(days) for s in range(16, 34) if (d, s) < (days - 1, until)]
    rows = [{"ds": begin + timedelta(days=d, minutes=30 * s), "y": rng.poisson(9) + 1 - zeros} for d, s in slots]
    found = predict([*rows, {"ds": begin + timedelta(days=days - 1, minutes=30 * until), "y": 0 if zeros else 1}], 96)
    stamps = [datetime.fromisoformat(row["ds"]) for row in found]
    first = begin + timedelta(days=days - 1, minutes=30 * (until + 1))
    assert stamps == [first + timedelta(minutes=30 * i) for i in range(96)]
    open_ = [
        row["yhat"] for row, at in zip(found, stamps, strict=True) if at.date() > first.date() and 9 <= at.hour < 16
    ]
    assert 3 < np.mean(open_) < 18
    if days > 1:
        night = [row["yhat"] for row, at in zip(found, stamps, strict=True) if at.hour < 7 or at.hour >= 19]
        assert np.mean(night) < 0.1 * np.mean(open_)


def test_a_morning_of_zeros_is_followed_by_zeros() -> None:
    rows = [{"ds": datetime(2026, 3, 2, 8) + timedelta(minutes=30 * i), "y": 0} for i in range(5)]  # noqa: DTZ001
    assert max(row["yhat"] for row in predict(rows, 60)) < 0.001


def test_years_of_days_are_forecast_and_beyond_ten_it_says_so() -> None:
    rows = rows_of(Office(1), 300)
    assert len(predict(rows, 1826)) == 1826
    with pytest.raises(BadInput) as refused:
        predict(rows, 5000)
    assert (refused.value.field, "diez años" in refused.value.sentence) == ("periods", True)


def test_dates_texts_and_disorder_are_understood() -> None:
    days = [date(2026, 1, 1) + timedelta(days=i) for i in range(60)]
    rows = [{"ds": day, "y": 100 + day.weekday()} for day in days]
    mixed = [{"ds": row["ds"].isoformat(), "y": str(row["y"])} for row in rows[::-1]]
    assert predict(rows, 10) == predict(mixed, 10)
    assert predict(rows, 7)[0]["yhat"] == pytest.approx(100 + (days[-1] + timedelta(days=1)).weekday(), rel=0.03)


def test_the_wider_level_is_wider() -> None:
    rows = rows_of(Office(2), 200)
    narrow, wide = predict(rows, 10), predict(rows, 10, level=0.95)
    assert all(a["yhat_upper"] <= b["yhat_upper"] for a, b in zip(narrow, wide, strict=True))


@pytest.mark.parametrize(
    "rows",
    [
        [],
        [{"ds": "2026-01-01", "y": 1}],
        [{"ds": "2026-01-01"}, {"ds": "2026-01-02"}],
        [{"y": 1}, {"y": 2}],
        ["2026-01-01", 3],
        [{"ds": None, "y": 1}, {"ds": None, "y": 2}],
        [{"ds": "2026-01-01", "y": "x"}, {"ds": "2026-01-02", "y": 1}],
        [{"ds": "2026-01-01", "y": -1}, {"ds": "2026-01-02", "y": 1}],
        [{"ds": "2026-01-01", "y": np.nan}, {"ds": "2026-01-02", "y": 1}],
        [{"ds": "2026-01-01T00:00+00:00", "y": 1}, {"ds": "2026-01-02T00:00", "y": 1}],
    ],
)
def test_bad_rows_are_refused(rows: list[Any]) -> None:
    with pytest.raises(BadInput):
        predict(rows, 5)


@pytest.mark.parametrize("periods", [0, -3, 10**9, 1.5, "7"])
def test_bad_numbers_of_periods_are_refused(periods: Any) -> None:
    with pytest.raises(BadInput):
        predict([{"ds": "2026-01-01", "y": 1}, {"ds": "2026-01-02", "y": 1}], periods)
