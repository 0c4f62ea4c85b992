"""Why a day is forecast as it is: the words are right and the figures multiply to the forecast."""

from datetime import date

import holidays
import numpy as np
import pytest

from app.frame.i18n import PLACE, place_for
from app.workforce.calendar import Hours, Setting, Special
from app.workforce.demand import Forecast, forecast, nothing_yet
from app.workforce.drivers import Driver, said
from app.workforce.history import History
from tests.workforce.offices import Office

CR = Setting()


def multiplied(drivers: tuple[Driver, ...]) -> float:
    return float((drivers[0].factor + 1) * np.prod([driver.factor for driver in drivers[1:]]) - 1)


def add_up(made: Forecast) -> None:
    for total, drivers in zip(made.totals, made.drivers, strict=True):
        assert (multiplied(drivers) if drivers else 0) == pytest.approx(total, rel=0.006, abs=0.01)


def test_it_works() -> None:
    office = Office(8, days=800)
    made = forecast(office.history(790), CR, 10)
    for total, drivers in zip(made.totals, made.drivers, strict=True):
        assert multiplied(drivers) == pytest.approx(total, rel=1e-6)
    assert said(made.drivers[0]).startswith("Nivel actual: ")


@pytest.mark.parametrize("known", [1, 3, 8, 13, 14, 200])
def test_every_day_has_its_reasons_and_only_closed_days_are_said_to_be(known: int) -> None:
    office = Office(3, days=400, closed=(6,), start="2026-05-04")
    setting = Setting(opening=(*[((0, 1440),)] * 6, ()))
    made = forecast(office.history(known), setting, 14)
    sunday = (made.days.astype(np.int64) + 3) % 7 == 6
    assert [said(drivers) == "Cerrado" for drivers in made.drivers] == sunday.tolist()
    add_up(made)


def test_the_owners_guess_has_its_reasons_too() -> None:
    made = forecast(nothing_yet(np.datetime64("2026-06-01"), 1800, "America/Costa_Rica"), CR, 7, guess=100)
    assert [driver.name for driver in made.drivers[0]] == ["", "lunes"]
    assert made.drivers[0][1].factor > 1 > made.drivers[6][1].factor
    add_up(made)


@pytest.mark.parametrize("hours", [((0, 720),), ((480, 600), (780, 900))])
@pytest.mark.parametrize("known", [10, 200])
def test_a_half_day_says_what_its_hours_take_off(known: int, hours: Hours) -> None:
    office = Office(5)
    half = Special(date.fromisoformat(str(office.dates[known])), "medio día", hours)
    made = forecast(office.history(known), Setting(specials=(half,)), 3)
    assert made.drivers[0][-1].group == "hours"
    assert made.drivers[0][-1].factor < 0.7
    assert all(driver.group != "hours" for driver in made.drivers[1])
    add_up(made)


def test_a_day_of_another_length_says_so() -> None:
    rng = np.random.default_rng(5)
    days = np.datetime64("2026-01-01") + np.arange(302)
    history = History(days, rng.poisson(20, (302, 48)).astype(float), 1800, "America/Tijuana")
    made = forecast(history, Setting("America/Tijuana", "MX"), 7)
    change = list(made.days).index(np.datetime64("2026-11-01"))
    assert made.drivers[change][-1].factor == pytest.approx(50 / 48, abs=0.003)
    add_up(made)


def test_the_season_is_named_where_there_is_one() -> None:
    """Two years of a strong season, seen at its height and at its depth."""
    office = Office(0, days=1000, yearly=0.35, drift=0.002)
    seasons = []
    for cut in (821, 913 + 91):  # a quarter and three quarters into the wave
        made = forecast(office.history(min(cut, 990)), CR, 7)
        seasons.append(np.mean([d.factor for day in made.drivers for d in day if d.group == "season"]))
    assert seasons[0] > 1.1
    assert seasons[1] < 0.95


def test_a_name_of_the_offices_own_is_said_as_it_is() -> None:
    office = Office(6, days=300, noise=0.02)
    for day in (100, 160, 220, 282):
        office.counts[day] *= 1.8
    named = [Special(date.fromisoformat(str(office.dates[d])), "100 % más %(x)s") for d in (100, 160, 220, 282)]
    made = forecast(office.history(280), Setting(specials=tuple(named)), 5)
    assert "100 % más %(x)s: +" in said(made.drivers[2])


@pytest.mark.parametrize("country", ["CR", "MX"])
def test_every_holiday_has_its_english(country: str) -> None:
    days = holidays.country_holidays(country, years=range(2015, 2045), language="es")
    token = PLACE.set(place_for("en", "US", "UTC"))
    try:
        words = {name: Driver("holiday", name, 0.5).sentence for name in set(days.values())}
    finally:
        PLACE.reset(token)
    assert len(words) > 6
    assert not [name for name, sentence in words.items() if any(part in sentence for part in name.split("; "))]


def test_the_words_are_in_the_readers_language() -> None:
    made = forecast(Office(3).history(200), Setting(opening=(*[((0, 1440),)] * 6, ())), 7)
    token = PLACE.set(place_for("en", "US", "UTC"))
    try:
        words = [said(drivers) for drivers in made.drivers]
    finally:
        PLACE.reset(token)
    assert sum(word == "Closed" for word in words) == 1
    assert all(word.startswith("Present level: ") for word in words if word != "Closed")
    assert any("Wednesday: " in word for word in words)
