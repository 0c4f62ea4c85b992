"""The holidays of Costa Rica and Mexico, year by year, as their calendars have them."""

from datetime import date

import pytest

from app.contacts.hours_packs import shipped
from app.contacts.public_holidays import Holiday, dates, easter

# Compared once with the package `holidays` (public and optional days) when the rules were written.
MOVABLE = {
    ("CR", 2026): ["04-02", "04-03"],
    ("CR", 2027): ["03-25", "03-26"],
    ("CR", 2028): ["04-13", "04-14"],
    ("CR", 2030): ["04-18", "04-19"],
    ("MX", 2026): ["02-02", "03-16", "11-16"],
    ("MX", 2027): ["02-01", "03-15", "11-15"],
    ("MX", 2028): ["02-07", "03-20", "11-20"],
    ("MX", 2030): ["02-04", "03-18", "10-01", "11-18"],
}
FIXED = {
    "CR": ["01-01", "04-11", "05-01", "07-25", "08-02", "08-15", "08-31", "09-15", "12-01", "12-25"],
    "MX": ["01-01", "05-01", "09-16", "12-25"],
}


def kept(country: str, year: int) -> set[str]:
    return {day.isoformat()[5:] for day in dates(shipped().of(country).holidays, year)}


def test_it_works():
    assert "12-25" in kept("CR", 2026)


@pytest.mark.parametrize(("country", "year"), MOVABLE)
def test_a_years_holidays_are_those_of_its_calendar(country, year):
    assert kept(country, year) == set(MOVABLE[country, year]) | set(FIXED[country])


def test_easter_is_known_through_the_centuries():
    known = [(1818, 3, 22), (1943, 4, 25), (1961, 4, 2), (2000, 4, 23), (2024, 3, 31), (2026, 4, 5), (2038, 4, 25)]
    assert [easter(year) for year, _, _ in known] == [date(*parts) for parts in known]


def test_the_mexican_presidents_day_comes_every_six_years():
    assert [year for year in range(2020, 2040) if "10-01" in kept("MX", year)] == [2024, 2030, 2036]


@pytest.mark.parametrize(
    "rule",
    [{}, {"day": 1}, {"month": 1}, {"month": 1, "day": 1, "monday": 1}, {"month": 1, "easter": 1},
     {"month": 2, "day": 30}],
)  # fmt: skip
def test_a_rule_that_says_no_one_day_is_not_loaded(rule):
    with pytest.raises(ValueError):
        Holiday("x", **rule)
