"""Texts as numbers and days; what is not certain is refused."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.browser.values import amount, day, value


@pytest.mark.parametrize(
    ("text", "mark", "found"),
    [
        ("₡1.234.567,50", ",", "1234567.50"), ("US$ 1,234.50", ".", "1234.50"), ("1 234,5", ",", "1234.5"),
        ("1\u202f234,5 MXN", ",", "1234.5"), ("(12,00)", ",", "-12.00"), ("7,5-", ",", "-7.5"), ("−3", ",", "-3"),
        ("45 %", ",", "45"), (",5", ",", "0.5"), ("1'234.5", ".", "1234.5"), ("1234567", ",", "1234567"),
        ("+2", ",", "2"),
    ],
)  # fmt: skip
def test_it_works(text: str, mark: str, found: str) -> None:
    assert amount(text, mark) == Decimal(found)


@pytest.mark.parametrize(
    "text", ["1.23", "1.2345,6", "12.34.56", "1,2,3", "abc", "1..000", "--5", "1,", "٣", "1.000.00,5"]
)
def test_a_number_that_could_be_two_is_refused(text: str) -> None:
    """1.23 with a decimal comma is no grouping: to guess would be wrong by a hundred."""
    with pytest.raises(ValueError):
        amount(text, ",")


@given(st.decimals(allow_nan=False, allow_infinity=False, places=2, min_value=-10**12, max_value=10**12), st.booleans())
def test_what_a_page_writes_is_read_back(number: Decimal, comma: bool) -> None:
    said = f"{number:,.2f}"
    text = said.replace(",", "_").replace(".", ",").replace("_", ".") if comma else said
    assert amount(text, "," if comma else ".") == number


@given(st.text(max_size=30), st.sampled_from(["integer", "decimal", "date", "flag", "text"]))
def test_any_text_is_a_value_or_refused(text: str, kind: str) -> None:
    try:
        value(text, kind)  # type: ignore[arg-type]
    except ValueError:
        return


@pytest.mark.parametrize(
    "text", ["03/03/2026", "2026-03-03", "3 de marzo de 2026", "03-mar-2026", "3 de Marzo del 2026", "3 mar. 2026"]
)
def test_days_as_people_write_them(text: str) -> None:
    assert day(text) == date(2026, 3, 3)


@pytest.mark.parametrize("text", ["31/02/2026", "3 de marsupio de 2026", "mañana", "30 de febrero de 2026"])
def test_days_that_are_none(text: str) -> None:
    with pytest.raises(ValueError):
        day(text)


def test_empty_and_flags() -> None:
    assert value(" – ", "decimal") is None
    assert value("", "date") is None
    assert (value("Sí", "flag"), value("", "flag"), value(" a \u00a0 b ", "text")) == (True, False, "a b")
    with pytest.raises(ValueError):
        value("1,5", "integer")
