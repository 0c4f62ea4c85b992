"""What comes back every year is expected: the empty days around the new year, Holy Week, a week of one's own."""

from collections.abc import Callable
from datetime import date, timedelta

import msgspec
import numpy as np
import pytest

from app.workforce.calendar import Setting
from app.workforce.demand import Forecast, forecast
from app.workforce.history import History
from app.workforce.seasons import seasons
from tests.workforce.offices import WEEK, wape

BEGIN = np.datetime64("2023-01-02")
EASTERS = date(2023, 4, 9), date(2024, 3, 31), date(2025, 4, 20)


def office(until: str, share: Callable[[date], float]) -> History:
    """Poisson noise about a flat level, of which on some days only a share comes, or more."""
    days = np.arange(BEGIN, np.datetime64(until))
    plain = [date.fromisoformat(str(day)) for day in days]
    level = 300 * WEEK[(days.astype(int) + 3) % 7] * np.array([share(day) for day in plain])
    counts = np.random.default_rng(1).poisson(level)[:, None].astype(float)
    return History(days, counts, 86_400, "America/Costa_Rica")


def known(history: History, until: str, horizon: int, country: str = "CR") -> tuple[Forecast, np.ndarray]:
    """The forecast made on that morning, and what came."""
    cut = int((np.datetime64(until) - BEGIN).astype(int))
    past = msgspec.structs.replace(history, days=history.days[:cut], counts=history.counts[:cut])
    return forecast(past, Setting(country=country), horizon), history.counts[cut : cut + horizon]


def turn(day: date) -> float:
    return 0.5 if (day.month, day.day) >= (12, 18) or (day.month, day.day) < (1, 8) else 1.0


def holy(day: date) -> float:
    return 0.4 if any(easter - timedelta(6) <= day <= easter for easter in EASTERS) else 1.0


def fair(day: date) -> float:
    return 1.3 if day.month == 7 and 13 <= day.day < 23 else 1.0


def flat(_day: date) -> float:
    return 1.0


def test_it_works() -> None:
    """An office that lost half its contacts around two new years expects it, and their return, for the third."""
    made, came = known(office("2026-02-01", turn), "2025-12-11", 42)
    assert wape(came, made.mean) < 0.15
    assert made.mean[10:26].sum() < 0.7 * made.mean[28:42].sum() * 16 / 14


@pytest.mark.parametrize("until", ["2025-12-24", "2026-01-03"])
def test_the_return_is_expected_from_within(until: str) -> None:
    made, came = known(office("2026-02-01", turn), until, 21)
    assert wape(came, made.mean) < 0.15


def test_a_first_new_year_says_little_of_a_second() -> None:
    """Once is no rule yet, but it is known what it was."""
    made, came = known(office("2024-12-31", turn), "2024-12-11", 14)
    assert wape(came, made.mean) < 0.25


def test_holy_week_moves_with_the_moon() -> None:
    made, came = known(office("2025-05-05", holy), "2025-04-07", 21)
    assert wape(came, made.mean) < 0.2
    assert any(driver.name == "Semana Santa" for driver in made.drivers[8])


def test_a_week_of_the_year_of_ones_own_is_learnt_as_years_agree() -> None:
    """Thirty per cent more in the third week of July of three years."""
    made, _came = known(office("2026-08-01", fair), "2026-07-05", 28)
    plain, _same = known(office("2026-08-01", flat), "2026-07-05", 28)
    assert made.mean[9:16].sum() > 1.03 * plain.mean[9:16].sum()


def test_an_office_without_seasons_pays_little_for_the_question() -> None:
    made, came = known(office("2026-02-01", flat), "2025-12-11", 42)
    assert wape(came, made.mean) < 0.09  # knowing the truth: 0.055


def test_what_the_past_has_not_seen_has_no_column() -> None:
    days = np.datetime64("2026-03-02") + np.arange(400)
    names = [name for _group, name, _values in seasons(days, "CR", 28)]
    assert names == []
    assert "Semana Santa" in [name for _group, name, _values in seasons(days, "MX", 60)]
    assert "Semana Santa" not in [name for _group, name, _values in seasons(days, "", 60)]
