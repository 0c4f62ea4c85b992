"""The alphabet of messages: what fits in seven bits, and nothing lost on the way."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.gsm.pdu.alphabet import BASIC, EXTENSION, SPANISH, from_septets, simplify, to_septets
from drivers.gsm.pdu.septets import pack, unpack

LETTERS = [char for char in BASIC if char != "\x1b"] + list(EXTENSION.values())


def test_it_works() -> None:
    assert to_septets("¿Cuánto?") is None
    assert to_septets("¡Año, pingüino! @") == b"@A}o, ping~ino! \x00"
    assert to_septets("5 €") == b"5 \x1be"


@given(st.text(st.sampled_from(LETTERS), max_size=200))
def test_what_is_in_the_alphabet_comes_back_as_it_was(text: str) -> None:
    septets = to_septets(text)
    assert septets is not None
    assert max(septets, default=0) < 128
    assert from_septets(septets) == text


@given(st.characters())
def test_a_letter_is_taken_only_when_it_is_there(char: str) -> None:
    assert (to_septets(char) is not None) == (char in LETTERS)


def test_accents_of_spanish_have_a_table_of_their_own() -> None:
    septets = to_septets("Sí, mañana está ÁRBOL ÓÚÍ ç {x}", SPANISH)
    assert septets is not None
    assert from_septets(septets, SPANISH) == "Sí, mañana está ÁRBOL ÓÚÍ ç {x}"


@pytest.mark.parametrize(
    ("given_text", "simple"),
    [
        ("¿Cómo está, señor Pérez?", "¿Como esta, señor Pérez?"),
        ("“Sí” – dijo…", '"Si" - dijo...'),
        ("Ya 😀 ahí", "Ya 😀 ahi"),
        ("1.º día\u00a0libre", "1.o dia libre"),
        ("Cafe\u0301", "Café"),
    ],
)
def test_simplify_keeps_what_costs_nothing(given_text: str, simple: str) -> None:
    assert simplify(given_text) == simple


def test_an_escape_that_leads_nowhere_hides_nothing() -> None:
    assert from_septets(b"a\x1bZb") == "aZb"
    assert from_septets(b"a\x1b\x1bb") == "a b"
    assert from_septets(b"a\x1b") == "a"


@given(st.binary(max_size=255).map(lambda octets: bytes(o & 127 for o in octets)), st.integers(0, 6))
def test_packing_is_the_bit_string_of_the_standard(septets: bytes, fill: int) -> None:
    """Against the plain reading of 23.038 6.1.2.1: each septet's low bit first."""
    bits = "0" * fill + "".join(f"{septet:07b}"[::-1] for septet in septets)
    bits += "0" * (-len(bits) % 8)
    plain = bytes(int(bits[at : at + 8][::-1], 2) for at in range(0, len(bits), 8))
    assert pack(septets, fill) == plain
    assert unpack(plain, len(septets), fill) == septets


@given(st.binary(max_size=160), st.integers(0, 300), st.integers(0, 6))
def test_unpacking_never_reaches_beyond_the_octets(octets: bytes, count: int, fill: int) -> None:
    assert len(unpack(octets, count, fill)) <= min(count, max(0, len(octets) * 8 - fill) // 7)
