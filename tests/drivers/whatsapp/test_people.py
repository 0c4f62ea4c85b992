"""Numbers and ids of people."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.contract import Party
from drivers.whatsapp import people


def test_it_works() -> None:
    assert people.party("50680000001", "CR.12", name="Rosa") == Party(
        address="+50680000001", name="Rosa", also=("CR.12",)
    )


def test_a_mexican_id_loses_the_old_1() -> None:
    assert people.address("5215512345678") == "+525512345678"
    assert people.address("525512345678") == "+525512345678"
    assert people.address("5491123456789") == "+5491123456789"


@pytest.mark.parametrize("wa_id", ["", "x", "12", "0123456789", "1" * 16, "²³"])
def test_what_is_no_number_is_no_address(wa_id: str) -> None:
    assert people.address(wa_id) == ""


def test_who_is_nobody_is_none() -> None:
    assert people.party("", "") is None


def test_parent_ids_count_too() -> None:
    assert people.party("", "CR.12", "CR.ENT.34") == Party(address="CR.12", also=("CR.ENT.34",))


@given(st.text())
def test_an_address_is_always_e164_or_nothing(wa_id: str) -> None:
    found = people.address(wa_id)
    assert not found or people.E164.fullmatch(found)


@given(st.text(), st.lists(st.text(), max_size=3))
def test_nobody_is_known_twice_by_the_same_name(number: str, ids: list[str]) -> None:
    found = people.party(number, *ids)
    if found:
        assert len({found.address, *found.also}) == 1 + len(found.also)
