"""A cell may hold several phones, and remarks; every phone is found and nothing is lost in silence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.contacts.phones import BadPhone, several, sift


def numbers(text: str, region: str = "CR") -> list[str]:
    return [phone.e164 for phone in several(text, region)]


def test_it_works():
    assert numbers("8812-3456 / 2260 4418; 7000 1111") == ["+50688123456", "+50622604418", "+50670001111"]


@pytest.mark.parametrize(
    "text",
    [
        "8812-3456 2260-4418", "8812 3456 2260 4418", "88123456,22604418", "8812-3456|2260-4418",
        "8812 3456 y 2260 4418", "Cel 8812-3456 Ofic 2260-4418", "Cel 1: 88123456 Cel 2: 22604418",
        "88123456 ::: 22604418", "88123456\n22604418", "8812-3456 o 2260-4418", "+506 8812 3456 / +506 2260 4418",
        "88123456;;22604418;", "8812-3456 (mamá), 2260-4418 (casa)",
    ],
)  # fmt: skip
def test_every_way_of_writing_two_finds_both(text):
    assert numbers(text) == ["+50688123456", "+50622604418"]


@pytest.mark.parametrize("text", ["8812-3456", "88,123,456", "2260-4418 ext. 12", "2260-4418;ext=12", "88123456.0"])
def test_one_phone_stays_one(text):
    assert len(numbers(text)) == 1


def test_the_same_phone_twice_is_one():
    assert numbers("8812-3456, +506 8812 3456") == ["+50688123456"]


def test_what_is_no_phone_is_handed_back_with_its_reason():
    sifted = sift("8812-3456 / 6551 2345 / pregunte por Ana", "CR")
    assert [phone.e164 for phone in sifted.phones] == ["+50688123456"]
    assert [(text, refusal.reason_code) for text, refusal in sifted.refused] == [
        ("6551 2345", "unassigned"),
        ("pregunte por Ana", "not_a_number"),
    ]


@pytest.mark.parametrize(
    ("text", "code"), [("", "empty"), ("nada", "not_a_number"), (";", "empty"), ("12 / 34", "too_short")]
)
def test_a_cell_without_phones_says_why(text, code):
    with pytest.raises(BadPhone) as refusal:
        several(text, "CR")
    assert refusal.value.reason_code == code


@given(
    st.lists(st.integers(83_000_000, 89_999_999), min_size=1, max_size=6, unique=True),
    st.sampled_from([" / ", "; ", ", ", "  ", "\n", " y "]),
)
def test_any_list_of_phones_comes_back_in_order(phones, separator):
    text = separator.join(f"{phone // 10_000} {phone % 10_000:04d}" for phone in phones)
    assert numbers(text) == [f"+506{phone}" for phone in phones]


@given(st.text("0123456789 ,;/-+x.", max_size=80), st.sampled_from(["CR", "MX"]))
def test_any_cell_gives_phones_or_reasons(text, region):
    sifted = sift(text, region)
    assert sifted.phones or sifted.refused
    assert len({phone.e164 for phone in sifted.phones}) == len(sifted.phones)


def test_a_cell_as_long_as_a_letter_gives_its_phones_and_hands_back_the_rest():
    sifted = sift("8812-3456; " + "x" * 3000, "CR")
    assert [phone.e164 for phone in sifted.phones] == ["+50688123456"]
    assert sum(len(text) for text, _ in sifted.refused) == 3000
