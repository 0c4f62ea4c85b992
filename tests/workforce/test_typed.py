"""What is of the wrong kind gets a sentence, never another error."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import Any

import holidays
import numpy as np
import pytest

from app.workforce.calendar import Setting, Special
from app.workforce.demand import forecast, nothing_yet
from app.workforce.errors import BadInput, readings
from app.workforce.history import History, read
from app.workforce.integrate import predict
from app.workforce.seasons import seasons

DAYS = [datetime(2026, 1, 1) + timedelta(days=i) for i in range(28)]  # noqa: DTZ001
ANY: Any = None


def table() -> History:
    return read(DAYS, range(28))


def refused(ask: Callable[[], object]) -> BadInput:
    with pytest.raises(BadInput) as said:
        ask()
    assert said.value.sentence
    return said.value


def test_it_works() -> None:
    assert len(predict([{"ds": day, "y": 1} for day in DAYS], np.int64(3))) == 3
    assert len(forecast(table(), Setting(), np.int64(3)).days) == 3


@pytest.mark.parametrize(
    "values",
    [
        [1, "1_000"],
        np.array(["1", "1_0"]),
        [1, True],
        np.array([True, False]),
        np.ma.array([1, 2], mask=[False, True]),
        [1, np.ma.masked],
        np.array([1, 2], dtype="datetime64[ns]"),
        np.array([1, 2], dtype="timedelta64[s]"),
        [1, timedelta(5)],
        [1, np.datetime64("2026")],
        [1, 1 + 0j],
        np.array([1, 1j]),
        [1, 10**400],
    ],
    ids=str,
)
def test_what_is_no_number_is_told_so(values: Any) -> None:
    assert refused(lambda: read(DAYS[:2], values)).sentence == "Hay un valor que no es un número."


def test_a_mask_is_what_is_not_known() -> None:
    assert np.array_equal(readings(np.ma.array([1, 2], mask=[False, True]), "y"), [1, np.nan], equal_nan=True)


@pytest.mark.parametrize("days", ["7", None, 7.0, True, 0])
def test_the_horizon_is_a_whole_number(days: Any) -> None:
    assert refused(lambda: forecast(table(), Setting(), days)).field == "days"


@pytest.mark.parametrize("periods", [True, None, 3.0])
def test_the_periods_are_a_whole_number(periods: Any) -> None:
    assert refused(lambda: predict([{"ds": day, "y": 1} for day in DAYS], periods)).field == "periods"


@pytest.mark.parametrize("guess", ["x", None, -1, float("nan")])
def test_the_guess_is_a_number(guess: Any) -> None:
    assert refused(lambda: forecast(table(), Setting(), 3, guess=guess)).field == "guess"


@pytest.mark.parametrize("interval_s", ["1800", 1800.0, True])
def test_the_interval_is_a_whole_number(interval_s: Any) -> None:
    assert refused(lambda: read(DAYS, range(28), interval_s=interval_s)).field == "interval_s"
    assert refused(lambda: nothing_yet(np.datetime64("2026-01-01"), interval_s, "UTC")).field == "interval_s"


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"country": 5}, "country"),
        ({"country": ["CR"]}, "country"),
        ({"timezone": 5}, "timezone"),
        ({"timezone": "America/Macondo"}, "timezone"),
        ({"opening": 5}, "opening"),
        ({"opening": ((("a", "b"),),) * 7}, "opening"),
        ({"opening": ((480, 1080),) * 7}, "opening"),
        ({"specials": None}, "specials"),
        ({"specials": (Special("ayer", "x"),)}, "specials"),  # type: ignore[arg-type]
        ({"specials": (Special(ANY, "x"),)}, "specials"),
        ({"specials": (Special(datetime(2026, 1, 29, 8), "x"),)}, "specials"),  # noqa: DTZ001
        ({"specials": (Special(date(2026, 1, 29), ANY),)}, "specials"),
        ({"specials": (Special(date(2026, 1, 29), "x", (("a", "b"),)),)}, "opening"),  # type: ignore[arg-type]
    ],
    ids=str,
)
def test_a_setting_of_the_wrong_kind_is_refused(wrong: dict[str, Any], field: str) -> None:
    assert refused(lambda: forecast(table(), Setting(**wrong), 3)).field == field
    assert refused(lambda: predict([{"ds": day, "y": 1} for day in DAYS], 3, Setting(**wrong))).field == field


@pytest.mark.parametrize("wrong", [-7.5, np.inf])
def test_a_table_of_negative_counts_is_refused(wrong: float) -> None:
    days = np.datetime64("2026-01-01") + np.arange(30)
    assert refused(lambda: forecast(History(days, np.full((30, 1), wrong), 86_400, "UTC"), Setting(), 3)).field == "y"


@pytest.mark.parametrize("country", ["CR", "MX"])
@pytest.mark.parametrize("year", [1901, 2101, 2190])
def test_any_year_can_be_forecast(country: str, year: int) -> None:
    days = np.datetime64(f"{year}-01-01") + np.arange(60)
    made = forecast(read(days, [50] * 60), Setting(country=country), 40)
    assert made.totals == pytest.approx(np.full(40, 50), rel=0.01)


def test_holy_week_is_where_the_calendar_has_it() -> None:
    days = np.arange("1996-01-01", "2036-01-01", dtype="datetime64[D]")
    (week,) = [values for group, _, values in seasons(days, "CR", len(days)) if group == "holiday"]
    fridays = [day for day, name in holidays.country_holidays("CR", years=range(1996, 2036), language="es").items()
               if "Viernes Santo" in name]  # fmt: skip
    assert days[week > 0].tolist() == sorted(day + timedelta(days=k) for day in fridays for k in range(-4, 3))
