"""What a search box's text asks of the index."""

from hypothesis import given
from hypothesis import strategies as st

from app.contacts.searching import parameters, terms


def test_it_works() -> None:
    assert terms("García 8812").fragments == ("garcia", "8812")


def test_a_number_typed_with_spaces_is_one_fragment() -> None:
    assert terms("8812 34-56").fragments == ("88123456",)
    assert terms("+506 8812").fragments == ("5068812",)


def test_short_words_look_for_beginnings() -> None:
    found = terms("q ño")
    assert (found.fragments, found.beginnings) == ((), ("q", "no"))


@given(st.text())
def test_any_text_makes_safe_parameters(text: str) -> None:
    for dialect in ("sqlite", "postgresql"):
        for value in parameters(terms(text), dialect).values():
            assert isinstance(value, str)
