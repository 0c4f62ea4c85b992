"""Reading what somebody else wrote: right when it is right, nothing when it is not."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers import loose

AT = datetime(2026, 11, 21, 8, tzinfo=UTC)
ANY = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


def test_it_works() -> None:
    given_ = {"a": {"b": 1}, "l": [{"x": 1}, 2], "t": "ñ", "n": 7, "f": 1.5, "y": True}
    assert loose.part(given_, "a") == {"b": 1}
    assert loose.parts(given_, "l") == ({"x": 1},)
    assert (loose.text(given_, "t"), loose.whole(given_, "n"), loose.real(given_, "f")) == ("ñ", 7, 1.5)
    assert loose.flag(given_, "y")


def test_a_number_may_come_as_text_and_a_truth_is_no_number() -> None:
    assert [loose.whole({"n": n}, "n") for n in ("-12", "12", "1.2", "", "٣", True, 2**64, "9" * 30)] == [
        -12, 12, None, None, None, None, None, None]  # fmt: skip


@pytest.mark.parametrize("said", ["2026-11-21T02:00:00-06:00", "2026-11-21T08:00:00Z", "2026-11-21T08:00:00"])
def test_an_instant_has_a_zone(said: str) -> None:
    assert loose.iso({"at": said}, "at") == AT
    assert loose.unix({"at": int(AT.timestamp())}, "at") == AT


@given(ANY)
def test_what_is_of_another_kind_is_not_there(value: Any) -> None:
    given_ = {"x": value}
    assert isinstance(loose.part(given_, "x"), dict)
    assert all(isinstance(each, dict) for each in loose.parts(given_, "x"))
    assert isinstance(loose.text(given_, "x"), str)
    for read in (loose.whole, loose.real, loose.unix, loose.iso):
        found = read(given_, "x")
        assert found is None or not isinstance(found, str)


@given(st.binary())
def test_no_bytes_make_it_raise(body: bytes) -> None:
    loose.decode(body)
    assert loose.decode(b"[" * 100_000) is None
