"""Picks from foreign JSON."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.meta import reading
from tests.drivers.meta.signing import any_json


def test_it_works() -> None:
    value = {"a": {"b": [{"c": "x"}, 3, {"c": 7}]}}
    assert [reading.text(each, "c") for each in reading.items(value, "a", "b")] == ["x", "7"]
    assert reading.text(reading.first(value, "a", "b"), "c") == "x"
    assert reading.fields(value, "a", "z") == {}


@given(any_json(["a", "b"], [0, -1, 1e300, 10**30, "9" * 40, "nan"]))
def test_nothing_raises(value: Any) -> None:
    for read in (reading.text, reading.whole, reading.number, reading.seconds, reading.milliseconds, reading.flag):
        read(value, "a")
        read(value, "a", "b")
    list(reading.items(value, "a"))
    assert len(reading.mark(value)) == 32


@pytest.mark.parametrize("said", [1_749_416_383_000, "1749416383000", 1_749_416_383, "1749416383"])
def test_times_come_in_every_form(said: Any) -> None:
    assert reading.milliseconds({"t": said}, "t") == datetime(2025, 6, 8, 20, 59, 43, tzinfo=UTC)


@pytest.mark.parametrize("said", [0, -5, "soon", None, True, 10**17, [], "²"])
def test_what_is_no_time_is_none(said: Any) -> None:
    assert reading.seconds({"t": said}, "t") is None


@given(st.floats(allow_nan=True))
def test_numbers_are_finite_or_none(said: float) -> None:
    found = reading.number({"n": str(said)}, "n")
    assert found is None or abs(found) < float("inf")
