"""Holidays, campaigns, half days and closures of the office's own."""

from datetime import date

import holidays
import numpy as np
import pytest

from app.workforce.backtest import backtest
from app.workforce.calendar import Hours, Setting, Special
from app.workforce.demand import forecast
from app.workforce.drivers import said
from tests.workforce.offices import Office, wape

CR = Setting()


def test_a_half_day_and_a_closure_of_the_office() -> None:
    office = Office(5)
    half, shut = (date.fromisoformat(str(office.dates[200 + k])) for k in (0, 1))
    special = (Special(half, "medio día", ((0, 720),)), Special(shut, "inventario", ()))
    plain, made = forecast(office.history(200), CR, 3), forecast(office.history(200), Setting(specials=special), 3)
    assert 0.2 < made.totals[0] / plain.totals[0] < 0.7
    assert made.totals[1] == 0
    assert made.mean[0, 24:].sum() == 0


def test_a_half_day_is_one_in_daily_data_too() -> None:
    """Of a new name: the usual part of those hours. Of a known one: what such days were."""
    office = Office(7, days=400, noise=0.03)
    halves = range(56, 400, 30)
    for day in halves:
        office.counts[day, 24:] = 0
    special = [Special(date.fromisoformat(str(office.dates[d])), "medio día", ((0, 720),)) for d in halves if d <= 386]
    truth, plain = office.expected[386, :24].sum(), office.totals[386]
    known = forecast(office.daily(380), Setting(specials=tuple(special)), 14)
    new = forecast(Office(7, days=400, noise=0.03).daily(380), Setting(specials=(special[-1],)), 14)
    assert known.totals[6] == pytest.approx(truth, rel=0.15)
    assert 0.2 * plain < new.totals[6] < 0.6 * plain
    assert new.totals[7] == pytest.approx(office.totals[387], rel=0.12)


@pytest.mark.parametrize("blank", [0.0, np.nan])
@pytest.mark.parametrize("busier", [1.0, 1.4])
def test_half_days_seen_before_are_half_a_day_again(blank: float, busier: float) -> None:
    """The closed afternoon is neither forecast nor taken for a lack of calls, and a busier morning is learnt."""
    office = Office(7, days=400, noise=0.03)
    halves = range(56, 400, 30)
    for day in halves:
        office.counts[day, :24] = np.round(office.counts[day, :24] * busier)
        office.counts[day, 24:] = blank
    named = [Special(date.fromisoformat(str(office.dates[d])), "medio día", ((0, 720),)) for d in halves if d <= 386]
    made = forecast(office.history(380), Setting(specials=tuple(named)), 14)
    assert made.totals[6] == pytest.approx(busier * office.expected[386, :24].sum(), rel=0.12)
    assert made.totals[7] == pytest.approx(office.totals[387], rel=0.12)


@pytest.mark.parametrize("blank", [0.0, np.nan])
def test_half_days_are_measured_as_they_were_forecast(blank: float) -> None:
    """A half day in the record is no surprise that widens the intervals of the days after it."""
    halves, wrong = range(200, 400, 10), []
    for seed in range(4, 9):
        office = Office(seed, days=400, noise=0.03)
        for day in halves:
            office.counts[day, 28:] = blank
        setting = Setting(specials=tuple(
            Special(date.fromisoformat(str(office.dates[d])), "medio día", ((0, 840),)) for d in halves
        ))  # fmt: skip
        measured = backtest(office.history(390), setting, origins=12)
        assert measured.day.wape is not None
        wrong.append(measured.day.wape)
        made = forecast(office.history(390), setting, 7, measured.stored)
        low, high = made.total_bands[0.8]
        assert float(((high - low) / made.totals).mean()) < 0.3
    assert np.mean(wrong) < 0.075


@pytest.mark.parametrize("known", [6, 13, 380])
@pytest.mark.parametrize("opening", [None, (*[((480, 1080),)] * 5, (), ())])
def test_a_day_with_hours_of_its_own_is_open_though_its_weekday_is_not(
    known: int, opening: tuple[Hours, ...] | None
) -> None:
    """A Saturday of stocktaking sales in an office that never opens on one; the Sunday after stays closed."""
    office = Office(5, closed=(5, 6), start="2024-01-01")
    saturday = next(d for d in range(known, known + 7) if (int(office.dates[d].astype(int)) + 3) % 7 == 5)
    sale = Special(date.fromisoformat(str(office.dates[saturday])), "rebajas", ((540, 780),))
    made = forecast(office.history(known), Setting(opening=opening, specials=(sale,)), 14)
    day = saturday - known
    assert made.totals[day] > 20
    assert made.mean[day, :18].sum() == made.mean[day, 26:].sum() == 0
    assert said(made.drivers[day]) != "Cerrado"
    if known > 6:
        assert made.totals[day + 1] == 0
        assert made.totals[(day + 7) % 14] == 0


@pytest.mark.parametrize("open_", [None, False])
def test_a_holiday_with_hours_of_its_own_is_open(open_: bool | None) -> None:
    office = Office(7, days=700, holiday=0.0001)
    cut = int(np.flatnonzero(office.dates == np.datetime64("2025-09-10"))[0])
    duty = Special(date(2025, 9, 15), "guardia", ((480, 720),))
    plain, made = (forecast(office.history(cut), Setting(specials=specials, holidays_open=open_), 10)
                   for specials in ((), (duty,)))  # fmt: skip
    assert (plain.totals[5], made.totals[5] > 10) == (0, True)


def test_a_campaign_seen_before_is_expected_again() -> None:
    office = Office(6, days=300, noise=0.02)
    days = [100, 160, 220]
    for day in (*days, 282):
        office.counts[day] *= 1.8
    named = tuple(Special(date.fromisoformat(str(office.dates[d])), "promoción") for d in (*days, 282))
    known, unknown = forecast(office.history(280), Setting(specials=named), 5), forecast(office.history(280), CR, 5)
    assert known.totals[2] / unknown.totals[2] > 1.5
    assert any(driver.name == "promoción" for driver in known.drivers[2])


def test_holidays_are_felt_and_named() -> None:
    office = Office(7, days=700, holiday=0.4, start="2024-01-01")
    cut = int(np.flatnonzero(office.dates == np.datetime64("2025-09-10"))[0])
    made = forecast(office.history(cut), CR, 10)
    feast = int(np.flatnonzero(made.days == np.datetime64("2025-09-15"))[0])
    assert wape(office.totals[cut : cut + 10], made.totals) < 0.12
    assert any(driver.group == "holiday" and driver.factor < 0.7 for driver in made.drivers[feast])


@pytest.mark.parametrize(("known", "before", "said_so"), [(280, (), 1), (280, (100, 160), 0), (10, (5,), 1)])
def test_a_campaign_of_which_nothing_is_known_is_said_not_to_be_in_the_figures(
    known: int, before: tuple[int, ...], said_so: int
) -> None:
    """In the first two weeks no campaign is; one beyond the horizon needs no word."""
    office = Office(6, days=300)
    days = [*before, known + 2, known + 40] if known + 40 < 300 else [*before, known + 2]
    named = tuple(Special(date.fromisoformat(str(office.dates[d])), "100 % más") for d in days)
    far = Special(date.fromisoformat(str(office.dates[known] + 30)), "feria")
    made = forecast(office.history(known), Setting(specials=(*named, far)), 5)
    assert sum("«100 % más» no hay antecedentes" in note for note in made.notes) == said_so
    assert not any("feria»" in note for note in made.notes)


@pytest.mark.parametrize(
    ("country", "feast"), [("MX", "2025-09-16"), ("CR", "2025-09-15"), ("MX", "2025-11-17"), ("CR", "2025-08-15")]
)
def test_each_country_has_its_own_holidays(country: str, feast: str) -> None:
    """Felt on the country's day and said; the other country's holiday is a day like any other."""
    office = Office(9, days=720, holiday=1.0, yearly=0, drift=0.002)
    public = holidays.country_holidays(country, years=(2024, 2025))
    office.counts[[date.fromisoformat(str(day)) in public for day in office.dates]] *= 0.3
    cut = int(np.flatnonzero(office.dates == np.datetime64(feast))[0]) - 3
    for setting in (Setting(country="MX"), Setting(country="CR")):
        made = forecast(office.history(cut), setting, 7)
        own = setting.country == country
        assert (made.totals[3] / office.totals[cut + 3] < 0.6) == own
        assert any(driver.name == "feriado" and driver.factor < 0.7 for driver in made.drivers[3]) == own
